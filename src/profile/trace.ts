// Traces: a recording as Chrome trace events, which Perfetto and speedscope open.
//
// The format is the JSON object form of the Trace Event Format: `X` spans, `s` and `f` flows, `C` counters, `b` and `e` asynchronous spans,
// `M` names; times in µs.

import { describeClock } from './clock';
import type { Recording, RecordedOperation, TimelineSubmit } from './recording';

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
  return {
    traceEvents: [...names(), ...timeline.flatMap((submit, i) => submitEvents(submit, i, operations))],
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

function submitEvents(submit: TimelineSubmit, index: number, operations: readonly RecordedOperation[]): TraceEvent[] {
  const { encode, submit: call, readBack, passes, steps, loss } = submit;
  const name = `submit ${index + 1}`;
  const span = (track: keyof typeof TRACKS, { beginUs, endUs }: { beginUs: number; endUs: number }) => {
    const { pid, tid } = TRACKS[track];
    return { ph: 'X', cat: track, pid, tid, ts: beginUs, dur: endUs - beginUs } as const;
  };
  const events: TraceEvent[] = [
    { ...span('encode', encode), name: `encode ${index + 1}`, args: { steps } },
    { ...span('submit', call), name, args: { steps } },
  ];
  // Two reads can be under way at once, which spans of one track cannot show.
  const reading = { cat: 'read', id: index, name: `read ${index + 1}`, pid: TRACKS.read.pid, tid: TRACKS.read.tid };
  events.push({ ...reading, ph: 'b', ts: readBack.beginUs }, { ...reading, ph: 'e', ts: readBack.endUs });
  const [first] = passes;
  if (first) {
    const whole = { beginUs: first.beginUs, endUs: Math.max(...passes.map(({ endUs }) => endUs)) };
    const { pid, tid } = TRACKS.gpu;
    events.push(
      { ...span('gpu', whole), name, args: { steps } },
      ...passes.map((pass): TraceEvent => {
        const operation = pass.operation === null ? undefined : operations[pass.operation];
        const text = { name: pass.name, ...(operation ? { args: argumentsOf(operation) } : {}) };
        return { ...span('gpu', pass), ...text };
      }),
      {
        ph: 's',
        cat: 'submit',
        id: index,
        name: 'runs',
        pid: TRACKS.submit.pid,
        tid: TRACKS.submit.tid,
        ts: call.beginUs,
      },
      { ph: 'f', bp: 'e', cat: 'submit', id: index, name: 'runs', pid, tid, ts: first.beginUs },
    );
  }
  if (loss !== null && Number.isFinite(loss)) {
    events.push({
      ph: 'C',
      name: 'loss',
      pid: TRACKS.gpu.pid,
      tid: TRACKS.gpu.tid,
      ts: readBack.endUs,
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
