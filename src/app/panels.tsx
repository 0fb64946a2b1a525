// The panels of the page: each is one entry here.

import type { ComponentType } from 'preact';
import { CurvesPanel } from './curves/curves-panel';
import type { Lab } from './lab';
import { onDemand } from './on-demand';

export interface PanelProps {
  readonly lab: Lab;
}

/** A tab and what it shows. Only the panel that is open exists: the others cost nothing while training. */
export interface Panel {
  /** Its name in links: `#curves`. */
  readonly id: string;
  readonly title: string;
  readonly View: ComponentType<PanelProps>;
}

/** The first is what the page opens with; the code of the others comes when they are opened. */
export const PANELS: readonly [Panel, ...Panel[]] = [
  { id: 'curves', title: 'Curves', View: CurvesPanel },
  {
    id: 'learned',
    title: 'What it learned',
    View: onDemand(async () => {
      const { WhatItLearned } = await import('./learned/what-it-learned');
      return ({ lab }) => <WhatItLearned findings={lab.run.findings} onLook={() => open('draw')} />;
    }),
  },
  {
    id: 'draw',
    title: 'Draw a digit',
    View: onDemand(async () => {
      const { DrawDigit } = await import('./learned/draw-digit');
      return ({ lab }) => <DrawDigit findings={lab.run.findings} />;
    }),
  },
  {
    id: 'timings',
    title: 'Shader timings',
    View: onDemand(async () => {
      const { TimingsPanel } = await import('./timings/timings-panel');
      return ({ lab }) => (
        <TimingsPanel
          run={lab.run}
          onShader={(label) => {
            lab.shader.value = label;
          }}
        />
      );
    }),
  },
  {
    id: 'shaders',
    title: 'Shaders',
    View: onDemand(async () => {
      const { ShadersPanel } = await import('./shaders/shaders-panel');
      return ({ lab }) => <ShadersPanel run={lab.run} chosen={lab.shader} />;
    }),
  },
  {
    id: 'sweep',
    title: 'Sweep',
    View: onDemand(async () => {
      const { SweepPanel } = await import('./learned/sweep-panel');
      return ({ lab }) => (
        <SweepPanel
          findings={lab.run.findings}
          trainRows={lab.run.rows.value?.train}
          onLoad={(texts) => lab.trainTexts(texts)}
        />
      );
    }),
  },
  {
    id: 'checks',
    title: 'Checks',
    View: onDemand(async () => {
      const [{ GpuMemory }, { GradientCheck }] = await Promise.all([
        import('./learned/memory'),
        import('./learned/gradient-check'),
      ]);
      return ({ lab }) => (
        <div class="checks">
          <GpuMemory findings={lab.run.findings} />
          <GradientCheck findings={lab.run.findings} />
        </div>
      );
    }),
  },
];

/** Goes to another panel. */
function open(id: string): void {
  location.hash = id;
}
