// What it learned: confusions, mistakes, the first layer's weights, and how the numbers inside are spread.

import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { formatCount, formatPercent } from '../../base/units';
import { formatAge } from '../position';
import { SPLITS } from '../splits';
import { type Confusion, ConfusionMatrix } from './confusion';
import { DigitList } from './digit-list';
import { FirstLayerWeights } from './first-layer';
import { useWhileInSight } from './in-sight';
import type { Findings } from './findings';
import type { Inspection } from './messages';
import { Spreads } from './spreads';

const WORST = 'The worst mistakes';

/** Images of a cell that are shown. */
const MOST_IMAGES = 24;

interface WhatItLearnedProps {
  readonly findings: Findings;
  /** Called after an image was taken to the pad. */
  readonly onLook?: () => void;
}

/** The panel; it follows the training while it is in sight. */
export function WhatItLearned({ findings, onLook }: WhatItLearnedProps) {
  const element = useRef<HTMLElement>(null);
  useWhileInSight(element, findings);
  const inspection = findings.inspection.value;
  return (
    <section class="learned" aria-labelledby="learned-title" ref={element}>
      <div class="section-head">
        <h2 id="learned-title">What it learned</h2>
        <p>{inspection ? formatAge(inspection.position) : ''}</p>
      </div>
      <SplitChoice findings={findings} />
      {inspection ? (
        <>
          <Answers findings={findings} inspection={inspection} {...(onLook ? { onLook } : {})} />
          <FirstLayerWeights layer={inspection.firstLayer} />
          <Spreads spreads={inspection.spreads} />
        </>
      ) : (
        <p class="waiting">Its answers, its mistakes and its weights appear here once the first epoch is done.</p>
      )}
    </section>
  );
}

function SplitChoice({ findings }: { readonly findings: Findings }) {
  return (
    <fieldset class="split-choice">
      <legend>Answers to the images of</legend>
      {SPLITS.map(({ key, name }) => (
        <label key={key}>
          <input
            type="radio"
            name="learned-split"
            checked={findings.split.value === key}
            onChange={() => {
              findings.split.value = key;
            }}
          />
          {name}
        </label>
      ))}
    </fieldset>
  );
}

interface AnswersProps extends WhatItLearnedProps {
  readonly inspection: Inspection;
}

/** The confusion matrix, and beside it the worst mistakes or a cell's images. */
function Answers({ findings, inspection, onLook }: AnswersProps) {
  const chosen = useSignal<Confusion | undefined>(undefined);
  /** Said once, when a cell is chosen: what changes with every look would be too much to listen to. */
  const said = useSignal('');
  const { split, rows, classes, confusion } = inspection;
  const images = useComputed(() => findings.images.value[findings.inspection.value?.split ?? 'test']).value;
  useEffect(() => findings.wantImages(split), [findings, split]);
  const cell = chosen.value;
  const wrong = rows - Array.from({ length: classes }, (_, i) => confusion[i * (classes + 1)]!).reduce((a, b) => a + b);
  const found = cell ? rowsOf(inspection, cell) : Array.from(inspection.mistakes);
  const name = SPLITS.find(({ key }) => key === split)?.name ?? split;
  const title = cell ? titleOf(cell) : WORST;
  return (
    <div class="answers">
      <div>
        <h3>Which digits it takes for which</h3>
        <p class="note">
          It reads {formatCount(rows - wrong)} of {formatCount(rows)} {name} images rightly,{' '}
          {formatPercent((rows - wrong) / rows)}. Rows are what an image is, columns what it is read as; choose a cell
          to see its images.
        </p>
        <ConfusionMatrix
          inspection={inspection}
          chosen={cell}
          onChoose={(next) => {
            const same = cell?.right === next.right && cell.answer === next.answer;
            chosen.value = same ? undefined : next;
            const now = same ? Array.from(inspection.mistakes) : rowsOf(inspection, next);
            said.value = `${same ? WORST : titleOf(next)}: ${formatCount(now.length)} images.`;
          }}
        />
      </div>
      <section aria-labelledby="digits-title">
        <div class="digits-head">
          <h3 id="digits-title">{title}</h3>
          {cell && (
            <button
              type="button"
              class="link"
              onClick={() => {
                chosen.value = undefined;
              }}
            >
              back to the worst mistakes
            </button>
          )}
        </div>
        <p class="note">{noteOf(cell, found.length, wrong)}</p>
        <p class="unseen" role="status">
          {said}
        </p>
        <DigitList
          inspection={inspection}
          images={images?.split === split ? images : undefined}
          rows={found.slice(0, MOST_IMAGES)}
          label={title}
          onLook={(pixels) => {
            findings.image.value = pixels;
            onLook?.();
          }}
        />
      </section>
    </div>
  );
}

function titleOf({ right, answer }: Confusion): string {
  return right === answer ? `${right}, read rightly` : `${right}, read as ${answer}`;
}

function noteOf(cell: Confusion | undefined, found: number, wrong: number): string {
  if (!cell) {
    if (wrong === 0) return 'There are none: every image is read rightly.';
    return 'Each image with the probability of what it is, and of what it was read as. Choose one to see it on the pad.';
  }
  if (found === 0) return 'There is no such image.';
  const shown = found > MOST_IMAGES ? `, the first ${MOST_IMAGES} of them here` : '';
  return `${formatCount(found)} ${found === 1 ? 'image' : 'images'}${shown}.`;
}

function rowsOf({ labels, predicted }: Inspection, { right, answer }: Confusion): number[] {
  return Array.from(labels.keys()).filter((row) => labels[row] === right && predicted[row] === answer);
}
