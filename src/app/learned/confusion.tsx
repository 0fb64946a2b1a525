// The confusion matrix: which digits are taken for which, each cell leading to its images.

import { formatCount } from '../../base/units';
import { useGridFocus } from './grid-focus';
import type { Inspection } from './messages';

/** A cell: the right class and the answer. */
export interface Confusion {
  readonly right: number;
  readonly answer: number;
}

interface ConfusionMatrixProps {
  readonly inspection: Inspection;
  readonly chosen: Confusion | undefined;
  readonly onChoose: (cell: Confusion) => void;
}

/** Counts as a grid of buttons: right answers in one colour, wrong ones in the other, by their number. */
export function ConfusionMatrix({ inspection: { classes, confusion }, chosen, onChoose }: ConfusionMatrixProps) {
  const focus = useGridFocus(classes, classes);
  const digits = Array.from({ length: classes }, (_, i) => i);
  const count = (right: number, answer: number) => confusion[right * classes + answer]!;
  const most = (holds: (right: number, answer: number) => boolean) =>
    Math.max(1, ...digits.flatMap((i) => digits.filter((j) => holds(i, j)).map((j) => count(i, j))));
  const mostRight = most((i, j) => i === j);
  const mostWrong = most((i, j) => i !== j);
  return (
    <table class="confusion" role="grid" aria-label="Confusion matrix" onKeyDown={focus.onKeyDown}>
      <thead>
        <tr>
          <th scope="col">
            <span class="unseen">right digit, then the answers</span>
          </th>
          {digits.map((answer) => (
            <th key={answer} scope="col" aria-label={`read as ${answer}`}>
              {answer}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {digits.map((right) => (
          <tr key={right}>
            <th scope="row" aria-label={`is ${right}`}>
              {right}
            </th>
            {digits.map((answer) => {
              const number = count(right, answer);
              const isRight = right === answer;
              const isChosen = chosen?.right === right && chosen.answer === answer;
              return (
                <td key={answer} role="gridcell">
                  <button
                    type="button"
                    class={isRight ? 'map-cell right' : 'map-cell'}
                    style={{ '--share': number / (isRight ? mostRight : mostWrong) }}
                    aria-label={`is ${right}, read as ${answer}: ${formatCount(number)}`}
                    aria-pressed={isChosen}
                    {...focus.cell(right, answer)}
                    onClick={() => onChoose({ right, answer })}
                  >
                    {number === 0 ? '' : number}
                  </button>
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
