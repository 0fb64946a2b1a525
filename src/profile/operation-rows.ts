// Operation rows: what tables say of each operation beyond its estimate.

import { type Ranged, rangeOf } from './estimate';
import { liftedCeilings } from './lifted-ceilings';
import type { RecordedOperation, Recording } from './recording';
import { type RooflinePoint, rooflinePoint } from './roofline';
import { inProduction } from './tax';

/** An operation of a recording, and what follows from the others and from the ceilings. */
export interface OperationRow {
  readonly operation: RecordedOperation;
  /** Its place under the roofline; undefined where it was not measured, or no ceilings are known. */
  readonly point: RooflinePoint | undefined;
  /** Its part of the profiled step, from 0 to 1; undefined where nothing is known of it. */
  readonly share: number | undefined;
  /** Its time in a step as it trains, in µs: without the tax. */
  readonly inTraining: Ranged | undefined;
}

/** A row for each operation, in the order in which they run. A ceiling that one exceeds is lifted to it. */
export function operationRows(recording: Recording): OperationRow[] {
  const { operations, tax } = recording;
  const ceilings = liftedCeilings(recording)?.ceilings;
  const ranges = operations.map(({ estimate }) => rangeOf(estimate));
  const whole = ranges.reduce((sum, range) => sum + (range?.value ?? 0), 0);
  return operations.map((operation, i) => {
    const range = operation.estimate.kind === 'measured' ? ranges[i] : undefined;
    return {
      operation,
      point: range && ceilings ? rooflinePoint(operation.cost, range, ceilings) : undefined,
      inTraining: range && tax ? inProduction(operation.estimate, tax) : undefined,
      share: ranges[i] && whole > 0 ? ranges[i].value / whole : undefined,
    };
  });
}
