// Step accounting: where the wall-clock time went, as one stacked bar and its legend.

import { formatMicroseconds } from '../../base/units';
import type { Accounting } from '../../profile/accounting';
import { formatShare } from '../learned/numbers';
import type { Recording } from '../../profile/recording';
import { type AccountedPart, PARTS, UNSTAMPED_PARTS } from './accounting-parts';

/** The bar; every moment counts once, so the parts add up. */
export function AccountingBar({ recording: { accounting, clock } }: { readonly recording: Recording }) {
  const parts = clock.kind === 'stamps' ? PARTS : UNSTAMPED_PARTS;
  return (
    <section class="accounting" aria-labelledby="accounting-title">
      <h3 id="accounting-title">Where the wall-clock time went</h3>
      {accounting ? (
        <Parts accounting={accounting} parts={parts} />
      ) : (
        <p class="waiting">Known once a submit is done.</p>
      )}
    </section>
  );
}

interface PartsProps {
  readonly accounting: Accounting;
  readonly parts: readonly AccountedPart[];
}

function Parts({ accounting, parts }: PartsProps) {
  const { wallUs, hiddenUs } = accounting;
  const words = parts.map(({ key, name }) => `${name} ${formatShare(accounting[key] / wallUs)}`).join(', ');
  return (
    <>
      <div class="accounting-bar" role="img" aria-label={`${formatMicroseconds(wallUs)}: ${words}`}>
        {parts.map(({ key, name }) => (
          <span key={key} class={key} style={{ flexGrow: accounting[key] / wallUs }} title={name} />
        ))}
      </div>
      <table class="timing-table accounting-legend">
        <thead>
          <tr>
            <th scope="col">part</th>
            <th scope="col">time</th>
            <th scope="col">share</th>
          </tr>
        </thead>
        <tbody>
          {parts.map(({ key, name, meaning }) => (
            <tr key={key}>
              <th scope="row">
                <span class={`accounting-swatch ${key}`} /> {name} <small>{meaning}</small>
              </th>
              <td>{formatMicroseconds(accounting[key])}</td>
              <td>{formatShare(accounting[key] / wallUs)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">wall-clock time</th>
            <td>{formatMicroseconds(wallUs)}</td>
            <td>{formatShare(1)}</td>
          </tr>
        </tfoot>
      </table>
      {hiddenUs > 0 && (
        <p class="note">
          {formatMicroseconds(hiddenUs)} of recording and submitting took place while the GPU was at work, and cost
          nothing.
        </p>
      )}
    </>
  );
}
