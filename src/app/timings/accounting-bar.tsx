// Step accounting: where the wall-clock time went, as one stacked bar and its legend.

import { formatMicroseconds } from '../../base/units';
import type { Accounting } from '../../profile/accounting';
import { formatShare } from '../learned/numbers';
import { PARTS } from './accounting-parts';

/** The bar; every moment counts once, so the parts add up. */
export function AccountingBar({ accounting }: { readonly accounting: Accounting | null }) {
  return (
    <section class="accounting" aria-labelledby="accounting-title">
      <h3 id="accounting-title">Where the wall-clock time went</h3>
      {accounting ? <Parts accounting={accounting} /> : <p class="waiting">Known once a submit is done.</p>}
    </section>
  );
}

function Parts({ accounting }: { readonly accounting: Accounting }) {
  const { wallUs, hiddenUs } = accounting;
  const words = PARTS.map(({ key, name }) => `${name} ${formatShare(accounting[key] / wallUs)}`).join(', ');
  return (
    <>
      <div class="accounting-bar" role="img" aria-label={`${formatMicroseconds(wallUs)}: ${words}`}>
        {PARTS.map(({ key, name }) => (
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
          {PARTS.map(({ key, name, meaning }) => (
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
      <p class="note">
        {hiddenUs > 0
          ? `${formatMicroseconds(hiddenUs)} of recording and submitting took place while the GPU was at work, and cost nothing.`
          : 'No recording or submitting was hidden behind the GPU’s work.'}
      </p>
    </>
  );
}
