// Traces: well-formed events that nest, flow from submit to pass, and add up.

import { array, assert, double, property } from 'fast-check';
import { expect, test } from 'vitest';
import { devtoolsEntries, emitDevtoolsEntries } from '../../src/profile/devtools';
import type { TimelineSubmit } from '../../src/profile/recording';
import { microseconds, type TraceEvent, type TraceFile, traceOf } from '../../src/profile/trace';
import { recordingOf } from './recordings';

const recording = recordingOf('fused', 10);
const trace = traceOf(recording);
const events = trace.traceEvents;

type Span = Extract<TraceEvent, { readonly ph: 'X' }>;
const spans = events.filter((event): event is Span => event.ph === 'X');

test('every event has what the Trace Event Format asks of its kind', () => {
  for (const event of events) {
    expect(event.name.length).toBeGreaterThan(0);
    expect([event.pid, event.tid, event.ts].every(Number.isFinite)).toBe(true);
    switch (event.ph) {
      case 'X':
        expect(event.dur).toBeGreaterThanOrEqual(0);
        break;
      case 's':
      case 'f':
      case 'b':
      case 'e':
        expect(event.id).toBeTypeOf('number');
        expect(event.cat.length).toBeGreaterThan(0);
        break;
      case 'C':
        expect(Object.values(event.args!).every((value) => typeof value === 'number')).toBe(true);
        break;
      default:
        expect(event.ph).toBe('M');
        expect(event.args!['name']).toBeTypeOf('string');
    }
  }
  expect(JSON.parse(JSON.stringify(trace))).toEqual(trace);
});

test('spans of a track nest: each lies within the one it begins in, or after it', () => {
  const keys = new Set(spans.map(({ pid, tid }) => `${pid}.${tid}`));
  const tracks = new Map([...keys].map((key) => [key, spans.filter(({ pid, tid }) => `${pid}.${tid}` === key)]));
  expect([...tracks.keys()].toSorted()).toEqual(['1.1', '1.2', '2.1']);
  for (const track of tracks.values()) {
    const open: Span[] = [];
    for (const span of track.toSorted((a, b) => a.ts - b.ts || b.dur - a.dur)) {
      while (open.length > 0 && open.at(-1)!.ts + open.at(-1)!.dur <= span.ts + 1e-9) {
        open.pop();
      }
      const outer = open.at(-1);
      expect(outer === undefined || span.ts + span.dur <= outer.ts + outer.dur + 1e-9, span.name).toBe(true);
      open.push(span);
    }
  }
});

/** What a viewer makes of a time: whole ns, rounded as Perfetto does, or cut off as it did. */
const READERS = { rounded: (us: number) => Math.round(us * 1000), cut: (us: number) => Math.trunc(us * 1000) };

/** Whether slices nest in whole ns: each ends before the one that is open when it begins, or begins when that has ended. */
function nests(slices: readonly { readonly begin: number; readonly end: number }[]): boolean {
  const open: number[] = [];
  return slices.every(({ begin, end }) => {
    while (open.length > 0 && open.at(-1)! <= begin) open.pop();
    const fits = open.length === 0 || end <= open.at(-1)!;
    open.push(end);
    return fits;
  });
}

test('in whole nanoseconds no slice spills out of its submit or into the next, whatever fractions the times have', () => {
  const length = double({ min: 0, max: 5000, noNaN: true });
  const submits = array(array(length, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 8 });
  assert(
    property(submits, double({ min: 0, max: 1e7, noNaN: true }), (lengths, originUs) => {
      let at = originUs;
      const timeline = lengths.map((passes): TimelineSubmit => {
        const beginUs = at;
        const made = passes.map((us, i) => ({ name: `${i}`, operation: null, beginUs: at, endUs: (at += us) }));
        const call = { beginUs, endUs: beginUs + 0.3 };
        return {
          encode: { beginUs, endUs: beginUs },
          submit: call,
          readBack: call,
          passes: made,
          steps: 1,
          loss: null,
        };
      });
      const text = JSON.stringify(traceOf({ ...recording, timeline }));
      const read: TraceFile = JSON.parse(text);
      const gpu = read.traceEvents.filter((event): event is Span => event.ph === 'X' && event.cat === 'gpu');
      const starts = read.traceEvents.filter(({ ph }) => ph === 'f');
      return (
        !/"(ts|dur)":-?[\d.]+e/i.test(text) &&
        Object.values(READERS).every((ns) => {
          const slices = gpu.map(({ ts, dur }) => ({ begin: ns(ts), end: ns(ts) + ns(dur) }));
          // A parent comes before its children in the file; of those of no length the order of the file counts.
          return nests(slices) && starts.every(({ ts }) => slices.some(({ begin }) => begin === ns(ts)));
        })
      );
    }),
    { numRuns: 500 },
  );
});

test('a time reads as the same nanoseconds whether a viewer rounds or cuts off', () => {
  for (const ns of [0, 1, 113, 1001, 1003, 8_110, 123_456_789, 86_400_000_000_001]) {
    for (const read of Object.values(READERS)) expect(read(microseconds(ns))).toBe(ns);
  }
});

test('a flow leads from every submit to its first pass, forward in time', () => {
  const flows = (ph: 's' | 'f') => events.filter((event) => event.ph === ph);
  expect(flows('s')).toHaveLength(recording.timeline.length);
  for (const [i, start] of flows('s').entries()) {
    const end = flows('f')[i]!;
    expect(end).toMatchObject({ id: i, bp: 'e', pid: 2 });
    expect(end.ts).toBeGreaterThan(start.ts);
    expect(spans.some(({ pid, ts, dur }) => pid === 1 && ts <= start.ts && start.ts < ts + dur)).toBe(true);
    expect(spans.some(({ pid, ts }) => pid === 2 && ts === end.ts)).toBe(true);
  }
});

test('the spans of an operation add up to what the timeline holds, and carry its cost', () => {
  for (const [i, { label, kind, cost }] of recording.operations.entries()) {
    const passes = spans.filter(({ name }) => name === label);
    const total = recording.timeline.flatMap(({ passes: all }) => all.filter(({ operation }) => operation === i));
    const expected = total.reduce((sum, { beginUs, endUs }) => sum + endUs - beginUs, 0);
    expect(passes.reduce((sum, { dur }) => sum + dur, 0)).toBeCloseTo(expected, 9);
    expect(passes[0]!.args).toEqual({
      kernel: kind,
      variant: '1x1 block, 16 threads',
      grid: [2, 1, 1],
      'workgroup size': [16, 1, 1],
      FLOPs: cost.flops,
      'bytes read': cost.bytesRead,
      'bytes written': cost.bytesWritten,
    });
  }
});

test('the loss is a counter, left out where it is not finite', () => {
  const counter = events.filter(({ ph }) => ph === 'C').map(({ args }) => args);
  expect(counter).toEqual([{ loss: 2.3 }, { loss: 2.1999999999999997 }]);
  const timeline = recording.timeline.map((submit) => ({ ...submit, loss: Number.NaN }));
  expect(traceOf({ ...recording, timeline }).traceEvents.some(({ ph }) => ph === 'C')).toBe(false);
});

test('the browser takes the entries of its performance panel', () => {
  const entries = devtoolsEntries(recording, performance.now());
  expect(entries).toHaveLength(2 * (recording.operations.length + 1));
  emitDevtoolsEntries(entries, performance);
  const measures = performance.getEntriesByName('dense1 forward', 'measure');
  expect(measures).toHaveLength(2);
  expect(measures[0]!.duration).toBeCloseTo(0.01, 3);
  expect(measures[0]).toMatchObject({ detail: { devtools: { dataType: 'track-entry', trackGroup: 'Underglass' } } });
  performance.clearMeasures();
});
