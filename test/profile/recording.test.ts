// Recordings: written, read again, refused where they are damaged, compared.

import { describe, expect, test } from 'vitest';
import { compare, settingsChanged } from '../../src/profile/comparison';
import { differenceOf, estimate, ratioOf, sumOf } from '../../src/profile/estimate';
import { readRecording, writeRecording } from '../../src/profile/recording';
import { rooflinePoint } from '../../src/profile/roofline';
import { NO_DISCARDS } from '../../src/profile/spans';
import { csvOf, markdownOf } from '../../src/profile/tables';
import { inProduction, profilingTax } from '../../src/profile/tax';
import { expectError } from '../support/errors';
import { recordingOf } from './recordings';

const text = writeRecording(recordingOf('fused', 10));

describe('a recording', () => {
  test('comes back as it was written', () => {
    expect(writeRecording(readRecording(text, 'a.json'))).toBe(text);
  });

  test.each([1, 60, 1000, text.length - 2])('cut off after %i characters is refused in one sentence', (length) => {
    expectError(() => readRecording(text.slice(0, length), 'a.json'), 'data', /^a\.json: .*(cut off|no JSON).*\.$/);
  });

  test.each([
    ['{"traceEvents":[]}', /not a recording of Underglass; give/],
    ['[1, 2]', /not a recording of Underglass; give/],
    ['null', /not a recording of Underglass; give/],
    [text.replace('"version":1', '"version":2'), /of version 2, and this Underglass reads version 1/],
    [text.replace('"version":1,', ''), /of version undefined/],
  ])('that is none, or of another version, is refused: %.30s', (other, message) => {
    expectError(() => readRecording(other, 'a.json'), 'data', message);
  });

  test.each([
    ['"flops":', '"flops":"many","was":', /operations\[0\]\.cost\.flops is "many", not a number of at least 0/],
    ['"kind":"denseForward"', '"kind":"convolution"', /operations\[0\]\.kind is "convolution", not "gather" or/],
    ['"quantumNs":1', '"quantumNs":-1', /clock\.quantumNs is -1/],
    ['"operation":0', '"operation":99', /timeline\[0\] has a pass of operation 99, and there are 5/],
    ['"tax":', '"levy":', /tax is missing, not an object/],
    ['"samplesNs":[', '"samplesNs":[null,', /operations\[0\]\.samplesNs\[0\] is null/],
  ])('that is damaged names the field: %s', (found, instead, message) => {
    expect(text).toContain(found);
    expectError(() => readRecording(text.replace(found, instead), 'a.json'), 'data', message);
  });

  test('loses no field unnoticed: without any one of them it is refused', () => {
    const { format: _, version: __, ...fields } = recordingOf('fused', 10);
    for (const name of Object.keys(fields)) {
      const damaged = JSON.stringify({ ...recordingOf('fused', 10), [name]: undefined });
      expectError(() => readRecording(damaged, 'a.json'), 'data', new RegExp(`${name} is missing`));
    }
  });
});

describe('a comparison', () => {
  test('of the same program finds nothing but noise, and a difference where there is one', () => {
    const same = compare(recordingOf('fused', 10), recordingOf('fused', 10));
    expect(same.by).toBe('operation');
    expect(same.rows.map(({ verdict }) => verdict)).toEqual(same.rows.map(() => 'noise'));
    const faster = compare(recordingOf('fused', 10), recordingOf('fused', 9));
    expect(faster.rows.map(({ verdict }) => verdict)).toEqual(faster.rows.map(() => 'faster'));
    expect(faster.productionStep.speedup!.value).toBeCloseTo(10 / 9, 3);
    expect(compare(recordingOf('fused', 9), recordingOf('fused', 10)).profiledStep.verdict).toBe('slower');
  });

  test('tells what else differs: adapter and options, and nothing where all is alike', () => {
    const fused = recordingOf('fused', 10);
    expect(settingsChanged(fused, recordingOf('fused', 9))).toEqual([]);
    const device = { ...fused.device, vendor: 'other' };
    const config = { sizes: [4, 5, 2], batch: 5, program: 'fused', seed: 1 };
    expect(settingsChanged(fused, { ...fused, device, config })).toEqual([
      'Before: test synthetic; now: other synthetic.',
      'Options: sizes [4,3,2] → [4,5,2], seed nothing → 1.',
    ]);
  });

  test('of naive with fused puts the operations that do the same work side by side', () => {
    const { by, rows } = compare(recordingOf('naive', 1), recordingOf('fused', 10));
    expect(by).toBe('work');
    expect(rows.map(({ label, operations }) => [label, ...operations])).toEqual([
      ['gather batch', 1, 0],
      ['dense1 forward', 2, 1],
      ['dense2 loss', 6, 1],
      ['update', 7, 1],
      ['dense2 backward', 4, 1],
      ['dense1 backward', 2, 1],
    ]);
    expect(rows[1]!.beforeUs!.value).toBeCloseTo(2, 1);
    expect(rows[0]).toMatchObject({ verdict: 'unknown', differenceUs: undefined });
  });
});

test('ranges add, subtract and divide as independent ones do', () => {
  const a = { value: 10, low: 7, high: 13 };
  const b = { value: 20, low: 16, high: 24 };
  expect(sumOf([a, b])).toEqual({ value: 30, low: 25, high: 35 });
  expect(differenceOf(b, a)).toEqual({ value: 10, low: 5, high: 15 });
  const { value, low, high } = ratioOf(b, { value: 10, low: 10, high: 10 });
  expect([value, low, high].map((x) => Number(x.toFixed(9)))).toEqual([2, 1.6, 2.4]);
});

test('the tax is the profiled step over the production step, and scales operations', () => {
  const { profiledStep, productionStep, operations } = recordingOf('fused', 10);
  const tax = profilingTax(profiledStep, productionStep)!;
  expect(tax.value).toBeCloseTo(2, 3);
  expect(tax.low).toBeLessThan(2);
  expect(inProduction(operations[0]!.estimate, tax)!.value).toBeCloseTo(5, 1);
  const none = estimate({ durationsNs: [], discards: NO_DISCARDS }, { quantumNs: 1 });
  expect(profilingTax(none, productionStep)).toBeUndefined();
  expect(inProduction(none, tax)).toBeUndefined();
});

describe('the roofline', () => {
  const ceilings = { flops: 1e12, memory: 1e11, cache: 1e12, cacheBytes: 1000, launch: 2e-6 };
  const time = { value: 20, low: 16, high: 25 };

  test.each([
    ['compute', { flops: 1e7, bytesRead: 5e4, bytesWritten: 5e4 }, 10, 100],
    ['memory', { flops: 1e6, bytesRead: 9e5, bytesWritten: 1e5 }, 10, 1],
    ['launch', { flops: 1e3, bytesRead: 400, bytesWritten: 100 }, 2, 2],
  ] as const)('%s binds', (limit, cost, leastUs, intensity) => {
    const point = rooflinePoint(cost, time, ceilings);
    expect(point).toMatchObject({ limit, intensity });
    expect(point.leastUs).toBeCloseTo(leastUs, 10);
    expect(point.share.value).toBeCloseTo(leastUs / 20, 10);
    expect(point.share.low).toBeCloseTo(leastUs / 25, 10);
    expect(point.share.high).toBeCloseTo(leastUs / 16, 10);
    expect(point.flopsPerSecond).toBeCloseTo(cost.flops / 20e-6, 0);
  });

  test('what fits the cache is held to the cache', () => {
    const cost = { flops: 1, bytesRead: 5e6, bytesWritten: 0 };
    expect(rooflinePoint(cost, time, { ...ceilings, cacheBytes: 1e7 })).toMatchObject({ limit: 'cache' });
    expect(rooflinePoint(cost, time, ceilings)).toMatchObject({ limit: 'memory' });
  });
});

describe('tables', () => {
  test('CSV has a line for each operation and its numbers in full', () => {
    const recording = recordingOf('fused', 10);
    const lines = csvOf(recording).trimEnd().split('\r\n');
    expect(lines).toHaveLength(1 + recording.operations.length);
    const head = lines[0]!.split(',');
    // The variant holds a comma, and so stands in quotes.
    expect(lines[1]).toContain('dense1 forward,denseForward,forward,1,"1x1 block, 16 threads",2x1x1,16x1x1,');
    const cells = lines[1]!.replace(/"[^"]*"/, 'variant').split(',');
    expect(cells).toHaveLength(head.length);
    const { estimate: first } = recording.operations[0]!;
    expect(first.kind === 'measured' && Number(cells[head.indexOf('mean_us')]) === first.meanUs).toBe(true);
  });

  test('Markdown has as many cells in every row, and no bare bar within one', () => {
    const recording = recordingOf('naive', 10);
    const labelled = recording.operations.map((operation) => ({ ...operation, variant: 'a|b' }));
    const lines = markdownOf({ ...recording, operations: labelled })
      .split('\n')
      .filter((line) => line.startsWith('|'));
    const cells = lines.map((line) => line.split(/(?<!\\)\|/).length);
    expect(lines).toHaveLength(2 + recording.operations.length);
    expect(new Set(cells).size).toBe(1);
  });

  test('what was not resolved is never a zero', () => {
    const recording = recordingOf('fused', 10);
    const durationsNs = Array.from({ length: 100 }, () => 0);
    const below = estimate({ durationsNs, discards: NO_DISCARDS }, { quantumNs: 65_536 });
    const operations = recording.operations.map((operation) => ({ ...operation, estimate: below }));
    expect(markdownOf({ ...recording, operations })).toContain('below resolution: < 1.93 µs');
    expect(csvOf({ ...recording, operations }).split('\r\n')[1]).toMatch(/,16x1x1,,0,1\.93/);
  });
});
