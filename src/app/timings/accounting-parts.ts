// The parts of wall-clock time: their names, in the order in which a moment is counted for them.

import type { Accounting } from '../../profile/accounting';

/** A part of the accounting. */
export interface AccountedPart {
  readonly key: Exclude<keyof Accounting, 'wallUs' | 'hiddenUs'>;
  readonly name: string;
  readonly meaning: string;
}

export const PARTS: readonly AccountedPart[] = [
  { key: 'busyUs', name: 'GPU busy', meaning: 'a pass runs' },
  { key: 'gapUs', name: 'gaps between passes', meaning: 'none runs, but others of the same submit did and will' },
  { key: 'encodeUs', name: 'JavaScript records commands', meaning: 'while the GPU has nothing to do' },
  { key: 'submitUs', name: 'queue.submit', meaning: 'while the GPU has nothing to do' },
  { key: 'readBackUs', name: 'waiting for results', meaning: 'launch, transfer, the browser’s own work' },
  { key: 'remainderUs', name: 'remainder', meaning: 'none of these' },
];
