// Shaders: the WGSL that runs for each operation of a step, and how it is launched.

import type { Signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { formatCount, formatMicroseconds } from '../../base/units';
import type { TrainingRun } from '../run';
import type { KernelUse } from './kernel-use';
import { wgslTokens } from './wgsl-tokens';

interface ShadersPanelProps {
  readonly run: TrainingRun;
  /** The label of the chosen operation. */
  readonly chosen: Signal<string | undefined>;
}

/** The panel: a list of operations, and the chosen one's source. */
export function ShadersPanel({ run, chosen }: ShadersPanelProps) {
  const uses = run.kernels.value;
  const use = uses.find(({ label }) => label === chosen.value) ?? uses[0];
  return (
    <section class="shaders" aria-labelledby="shaders-title">
      <div class="section-head">
        <h2 id="shaders-title">Shaders</h2>
        <p>{use ? `${use.shader}.wgsl` : ''}</p>
      </div>
      {use ? (
        <>
          <p class="note">
            What runs on the GPU, to the letter: the WGSL of each operation with its imports linked in. Names in
            capitals are constants that are set when it is compiled.
          </p>
          <label class="operation">
            <span>Operation</span>
            <select
              value={use.label}
              onChange={(event) => {
                chosen.value = event.currentTarget.value;
              }}
            >
              {uses.map(({ label, shader }) => (
                <option key={label} value={label}>
                  {label} – {shader}
                </option>
              ))}
            </select>
          </label>
          <div class="kernel-use">
            <Launch use={use} />
            <Source code={use.code} name={`${use.shader}.wgsl`} />
          </div>
        </>
      ) : (
        <p class="waiting">The shaders appear here once they are compiled.</p>
      )}
    </section>
  );
}

/** Variant, grid, bindings, constants, and what the tuner measured. */
function Launch({ use: { variant, grid, entryPoint, bindings, constants, times } }: { readonly use: KernelUse }) {
  const set = Object.entries(constants);
  return (
    <div class="launch">
      <dl>
        <dt>Variant</dt>
        <dd>{variant}</dd>
        <dt>Entry point</dt>
        <dd>
          <code>{entryPoint}</code>
        </dd>
        {grid && (
          <>
            <dt>Workgroups</dt>
            <dd>{grid.map(formatCount).join(' × ')}</dd>
          </>
        )}
        {set.length > 0 && (
          <>
            <dt>Constants</dt>
            <dd class="constants">
              {set.map(([name, value]) => (
                <code key={name}>
                  {name} = {value}
                </code>
              ))}
            </dd>
          </>
        )}
      </dl>
      <table aria-label="Bindings">
        <thead>
          <tr>
            <th scope="col">binding</th>
            <th scope="col">group, number</th>
            <th scope="col">access</th>
          </tr>
        </thead>
        <tbody>
          {bindings.map(({ name, group, binding, access }) => (
            <tr key={name}>
              <th scope="row">
                <code>{name}</code>
              </th>
              <td>
                {group}, {binding}
              </td>
              <td>{access}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {times.length > 0 && (
        <table aria-label="Candidates">
          <thead>
            <tr>
              <th scope="col">candidate</th>
              <th scope="col">time</th>
            </tr>
          </thead>
          <tbody>
            {times.map(({ variant: candidate, microseconds }) => (
              <tr key={candidate} class={candidate === variant ? 'best' : ''}>
                <th scope="row">{candidate}</th>
                <td>{formatMicroseconds(microseconds)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

function Source({ code, name }: { readonly code: string; readonly name: string }) {
  const tokens = useMemo(() => wgslTokens(code), [code]);
  return (
    <pre class="source" role="region" aria-label={`Source of ${name}`} tabIndex={0}>
      <code>
        {tokens.map(({ kind, text }, i) =>
          kind === 'text' ? (
            text
          ) : (
            <span key={i} class={kind}>
              {text}
            </span>
          ),
        )}
      </code>
    </pre>
  );
}
