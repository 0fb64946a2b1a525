// What a bar of the timeline stands for, in numbers.

import { formatBytes, formatCount, formatMicroseconds } from '../../base/units';
import type { Recording, RecordedOperation } from '../../profile/recording';
import type { Bar } from './bars';
import { lengthOf } from './time-window';
import { briefly } from './words';

interface BarReadingProps {
  readonly recording: Recording;
  readonly bar: Bar | undefined;
  readonly onShader: (label: string) => void;
}

/** The numbers; as high with as without, so that nothing moves below. */
export function BarReading({ recording, bar, onShader }: BarReadingProps) {
  const operation = bar?.operation === undefined ? undefined : recording.operations[bar.operation];
  return (
    <div class="bar-reading">
      {bar && (
        <p>
          <b>{bar.name}</b> <span>{formatMicroseconds(lengthOf(bar))}</span>
          {operation && (
            <a href="#shaders" onClick={() => onShader(operation.label)}>
              its WGSL
            </a>
          )}
        </p>
      )}
      {operation && <Facts operation={operation} />}
    </div>
  );
}

function Facts({
  operation: { kind, variant, grid, workgroup, cost, estimate },
}: {
  readonly operation: RecordedOperation;
}) {
  const facts: readonly (readonly [string, string])[] = [
    ['kernel', kind],
    ['variant', variant],
    ['workgroups', `${grid.map(formatCount).join(' × ')} of ${workgroup.join(' × ')} threads`],
    ['mean ± 95%', briefly(estimate)],
    ['FLOPs', formatCount(cost.flops)],
    ['bytes', `${formatBytes(cost.bytesRead)} read, ${formatBytes(cost.bytesWritten)} written`],
  ];
  return (
    <dl>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
