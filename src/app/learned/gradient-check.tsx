// The gradient check: a button, and what it found for each tensor.

import type { GradientCheckReport } from '../../index';
import { formatCount } from '../../base/units';
import { type Findings, isAtWork } from './findings';
import { formatSmall } from './numbers';

/** The panel. */
export function GradientCheck({ findings }: { readonly findings: Findings }) {
  const check = findings.check.value;
  const isRunning = check === 'running';
  return (
    <section class="gradient-check" aria-labelledby="check-title">
      <div class="section-head">
        <h2 id="check-title">Gradient check</h2>
        <p>{typeof check === 'object' && 'tensors' in check ? `over ${formatCount(check.rows)} images` : ''}</p>
      </div>
      <p class="note">
        Moves single weights a little up and down and looks how the loss changes: gradients without any backward pass,
        in float64. Those of the GPU’s kernels must agree with them.
      </p>
      <button
        type="button"
        class="secondary"
        disabled={isRunning || !isAtWork(findings.stage.value)}
        onClick={() => findings.startCheck()}
      >
        {isRunning ? 'Checking …' : 'Check the gradients'}
      </button>
      <p class="check-verdict" role="status">
        {verdictOf(check)}
      </p>
      {typeof check === 'object' && 'tensors' in check && <CheckTable report={check} />}
    </section>
  );
}

function verdictOf(check: Findings['check']['value']): string {
  if (check === 'none') return '';
  if (check === 'running') return 'Comparing the gradients of the network’s first step …';
  if ('message' in check) return `The check could not be made: ${check.message}`;
  const failed = check.tensors.filter(({ passed }) => !passed);
  const tolerance = formatSmall(check.tolerance);
  return check.passed
    ? `All ${check.tensors.length} tensors agree, to within ${tolerance} of their largest gradient.`
    : `${failed.length} of ${check.tensors.length} tensors differ by more than ${tolerance} of their largest gradient: ` +
        `${failed.map(({ label }) => label).join(', ')}.`;
}

function CheckTable({ report: { tensors, tolerance } }: { readonly report: GradientCheckReport }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">tensor</th>
          <th scope="col">compared</th>
          <th scope="col">largest</th>
          <th scope="col">error</th>
          <th scope="col">verdict</th>
        </tr>
      </thead>
      <tbody>
        {tensors.map(({ label, checked, elements, largest, error, passed }) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td>
              {formatCount(checked)} of {formatCount(elements)}
            </td>
            <td>{formatSmall(largest)}</td>
            <td title={`tolerance ${formatSmall(tolerance)}`}>{formatSmall(error)}</td>
            <td class={passed ? 'passed' : 'fault'}>{passed ? '✓ agrees' : '✕ differs'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
