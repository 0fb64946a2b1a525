// The parts of wall-clock time: their names, in the order in which a moment is counted for them.

import type { Accounting } from '../../profile/accounting';

/** A part of the accounting. */
export interface AccountedPart {
  readonly key: Exclude<keyof Accounting, 'wallUs' | 'hiddenUs'>;
  readonly name: string;
  readonly meaning: string;
}

/** Where passes are stamped. */
export const PARTS: readonly AccountedPart[] = [
  { key: 'busyUs', name: 'GPU busy', meaning: 'a pass runs' },
  { key: 'gapUs', name: 'gaps between passes', meaning: 'none runs, but others of the same submit did and will' },
  { key: 'encodeUs', name: 'JavaScript records commands', meaning: 'while no pass is known to run' },
  { key: 'submitUs', name: 'queue.submit', meaning: 'while no pass is known to run' },
  { key: 'readBackUs', name: 'waiting for results', meaning: 'launch, transfer, the browser’s own work' },
  { key: 'remainderUs', name: 'remainder', meaning: 'none of these' },
];

/** Where they are not: what the GPU did is part of the waiting. */
export const UNSTAMPED_PARTS: readonly AccountedPart[] = PARTS.filter(
  ({ key }) => key !== 'busyUs' && key !== 'gapUs',
).map((part) =>
  part.key === 'readBackUs' ? { ...part, meaning: 'the GPU’s work, which is not stamped, and all else' } : part,
);
