// Traces: a recording as Chrome trace events, which Perfetto and speedscope open.
//
// The format is the JSON object form of the Trace Event Format: `X` spans, `s` and `f` flows, `C` counters, `b` and `e` asynchronous spans,
// `M` names; times in µs, each of a whole number of ns, since viewers count in these: a slice that ends a fraction later than the one
// around it would spill out of it.

import { describeClock } from './clock';
import type { Interval } from './accounting';
import type { Recording, RecordedOperation, TimelinePass, TimelineSubmit } from './recording';

type Arguments = Readonly<Record<string, string | number | readonly number[]>>;

interface EventPlace {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly args?: Arguments;
}

/** One trace event of the kinds used here. */
export type TraceEvent =
  | (EventPlace & { readonly ph: 'X'; readonly cat: string; readonly dur: number })
  | (EventPlace & { readonly ph: 's' | 'f' | 'b' | 'e'; readonly cat: string; readonly id: number; readonly bp?: 'e' })
  | (EventPlace & { readonly ph: 'C' | 'M' });

/** The content of a trace file. */
export interface TraceFile {
  readonly traceEvents: readonly TraceEvent[];
  readonly displayTimeUnit: 'ns';
  readonly otherData: Readonly<Record<string, string>>;
}

/** Where events are drawn: the CPU's encoding, submitting and reading, and the GPU. */
const TRACKS = {
  encode: { pid: 1, tid: 1, process: 'CPU', thread: 'encode' },
  submit: { pid: 1, tid: 2, process: 'CPU', thread: 'submit' },
  read: { pid: 1, tid: 3, process: 'CPU', thread: 'read-back' },
  gpu: { pid: 2, tid: 1, process: 'GPU', thread: 'passes' },
} as const;

/** The trace of a recording's timeline. */
export function traceOf(recording: Recording): TraceFile {
  const { device, clock, timeline, operations } = recording;
  let gpuFree = Number.NEGATIVE_INFINITY;
  const submits = timeline.flatMap((submit, i) => {
    const passes = slicesOf(submit.passes, gpuFree);
    gpuFree = passes.at(-1)?.endNs ?? gpuFree;
    return submitEvents(submit, passes, i, operations);
  });
  return {
    traceEvents: [...names(), ...submits],
    displayTimeUnit: 'ns',
    otherData: {
      program: 'Underglass',
      adapter: [device.vendor, device.architecture, device.description].filter(Boolean).join(' '),
      clock: describeClock(clock),
    },
  };
}

function names(): TraceEvent[] {
  return Object.values(TRACKS).flatMap(({ pid, tid, process, thread }): TraceEvent[] => [
    { ph: 'M', name: 'process_name', pid, tid, ts: 0, args: { name: process } },
    { ph: 'M', name: 'thread_name', pid, tid, ts: 0, args: { name: thread } },
  ]);
}

/** A slice of a track, in whole ns. */
interface Slice {
  readonly beginNs: number;
  readonly endNs: number;
}

function sliceOf({ beginUs, endUs }: Interval): Slice {
  return { beginNs: Math.round(1000 * beginUs), endNs: Math.round(1000 * endUs) };
}

/** Passes one after another, none before `free`. */
function slicesOf(passes: readonly TimelinePass[], free: number): (Slice & { readonly pass: TimelinePass })[] {
  let end = free;
  return passes.map((pass) => {
    const slice = sliceOf(pass);
    const beginNs = Math.max(end, slice.beginNs);
    end = Math.max(beginNs, slice.endNs);
    return { beginNs, endNs: end, pass };
  });
}

/**
 * Whole ns as the format's µs: a number that gives the same ns whether a reader rounds or cuts off a thousand times of it.
 *
 * Perfetto rounds, and cut off in earlier versions: 1001 ns, as 1.001, became 1000.
 */
export function microseconds(ns: number): number {
  const us = ns / 1000;
  return Math.trunc(us * 1000) === ns ? us : us * (1 + Number.EPSILON);
}

function submitEvents(
  submit: TimelineSubmit,
  passes: readonly (Slice & { readonly pass: TimelinePass })[],
  index: number,
  operations: readonly RecordedOperation[],
): TraceEvent[] {
  const { steps, loss } = submit;
  const [encode, call, readBack] = [sliceOf(submit.encode), sliceOf(submit.submit), sliceOf(submit.readBack)];
  const name = `submit ${index + 1}`;
  const span = (track: keyof typeof TRACKS, { beginNs, endNs }: Slice) => {
    const { pid, tid } = TRACKS[track];
    return { ph: 'X', cat: track, pid, tid, ts: microseconds(beginNs), dur: microseconds(endNs - beginNs) } as const;
  };
  const events: TraceEvent[] = [
    { ...span('encode', encode), name: `encode ${index + 1}`, args: { steps } },
    { ...span('submit', call), name, args: { steps } },
  ];
  // Two reads can be under way at once, which spans of one track cannot show.
  const reading = { cat: 'read', id: index, name: `read ${index + 1}`, pid: TRACKS.read.pid, tid: TRACKS.read.tid };
  events.push(
    { ...reading, ph: 'b', ts: microseconds(readBack.beginNs) },
    { ...reading, ph: 'e', ts: microseconds(readBack.endNs) },
  );
  const [first] = passes;
  if (first) {
    const whole = { beginNs: first.beginNs, endNs: passes.at(-1)!.endNs };
    const { pid, tid } = TRACKS.gpu;
    events.push(
      { ...span('gpu', whole), name, args: { steps } },
      ...passes.map((slice): TraceEvent => {
        const { pass } = slice;
        const operation = pass.operation === null ? undefined : operations[pass.operation];
        const text = { name: pass.name, ...(operation ? { args: argumentsOf(operation) } : {}) };
        return { ...span('gpu', slice), ...text };
      }),
      {
        ph: 's',
        cat: 'submit',
        id: index,
        name: 'runs',
        pid: TRACKS.submit.pid,
        tid: TRACKS.submit.tid,
        ts: microseconds(call.beginNs),
      },
      { ph: 'f', bp: 'e', cat: 'submit', id: index, name: 'runs', pid, tid, ts: microseconds(first.beginNs) },
    );
  }
  if (loss !== null && Number.isFinite(loss)) {
    events.push({
      ph: 'C',
      name: 'loss',
      pid: TRACKS.gpu.pid,
      tid: TRACKS.gpu.tid,
      ts: microseconds(readBack.endNs),
      args: { loss },
    });
  }
  return events;
}

function argumentsOf({ kind, variant, grid, workgroup, cost }: RecordedOperation): Arguments {
  const { flops, bytesRead, bytesWritten } = cost;
  return {
    kernel: kind,
    variant,
    grid,
    'workgroup size': workgroup,
    FLOPs: flops,
    'bytes read': bytesRead,
    'bytes written': bytesWritten,
  };
}
