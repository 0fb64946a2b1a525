// What a bar of the timeline stands for, in numbers.

import { formatBytes, formatCount } from '../../base/units';
import type { Recording, RecordedOperation } from '../../profile/recording';
import type { OperationCost } from '../../program/operation-cost';
import type { Bar } from './bars';
import { lengthOf } from './time-window';
import { briefly, lengthText } from './words';

interface BarReadingProps {
  readonly recording: Recording;
  readonly bar: Bar | undefined;
  readonly onShader: (label: string) => void;
}

/** The numbers; as high for one bar as for any other, so that nothing moves below. */
export function BarReading({ recording, bar, onShader }: BarReadingProps) {
  const operation = bar?.operation === undefined ? undefined : recording.operations[bar.operation];
  return (
    <div class="bar-reading">
      {bar && (
        <>
          <p>
            <b>{bar.name}</b> <span>{lengthText(lengthOf(bar))}</span>
            {operation && (
              <a href="#shaders" onClick={() => onShader(operation.label)}>
                its WGSL
              </a>
            )}
          </p>
          <dl>
            {(operation ? operationFacts(operation) : otherFacts(recording, bar)).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </div>
  );
}

/** To the microsecond, wherever on the time line. */
const MILLISECONDS = new Intl.NumberFormat('en-US', { minimumFractionDigits: 3, maximumFractionDigits: 3 });

type Fact = readonly [name: string, value: string];

function operationFacts({ kind, variant, grid, workgroup, cost, estimate }: RecordedOperation): Fact[] {
  return [
    ['kernel', kind],
    ['variant', variant],
    ['workgroups', `${grid.map(formatCount).join(' × ')} of ${workgroup.join(' × ')} threads`],
    ['mean ± 95%', briefly(estimate)],
    ...costFacts([cost]),
  ];
}

/** Of a step or a phase what it does, of what was recorded when it was. */
function otherFacts({ operations }: Recording, bar: Bar): Fact[] {
  if (bar.of === undefined) {
    return [['begins', `${MILLISECONDS.format(bar.beginUs / 1000)} ms after the first`]];
  }
  const [first, end] = bar.of;
  const held = operations.slice(first, end);
  return [['operations', formatCount(held.length)], ...costFacts(held.map(({ cost }) => cost))];
}

function costFacts(costs: readonly OperationCost[]): Fact[] {
  const sum = (field: keyof OperationCost) => costs.reduce((total, cost) => total + cost[field], 0);
  return [
    ['FLOPs', formatCount(sum('flops'))],
    ['bytes', `${formatBytes(sum('bytesRead'))} read, ${formatBytes(sum('bytesWritten'))} written`],
  ];
}
