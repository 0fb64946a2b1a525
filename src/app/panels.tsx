// The panels of the page: each is one entry here.

import type { ComponentChild } from 'preact';
import { CurvesPanel } from './curves/curves-panel';
import type { Lab } from './lab';
import { TimingTable } from './timing-table';

export interface PanelProps {
  readonly lab: Lab;
}

/** A tab and what it shows. Only the panel that is open exists: the others cost nothing while training. */
export interface Panel {
  /** Its name in links: `#curves`. */
  readonly id: string;
  readonly title: string;
  readonly View: (props: PanelProps) => ComponentChild;
}

export const PANELS: readonly [Panel, ...Panel[]] = [
  { id: 'curves', title: 'Curves', View: CurvesPanel },
  { id: 'timings', title: 'Shader timings', View: ({ lab }) => <TimingTable run={lab.run} /> },
];
