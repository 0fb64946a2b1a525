// Notices about a data set's features: scales on which networks hardly learn, and columns that tell nothing.

import { formatCount } from '../base/units';
import type { Dataset } from './dataset';

/** Something about the features that likely spoils the training, though it can be trained on. */
export interface FeatureNotice {
  readonly kind: 'large' | 'small' | 'constant';
  /** One sentence: what, where, and the remedy. */
  readonly text: string;
}

/**
 * Root mean squares of a column from and up to which networks learn well without more ado.
 *
 * The tutorial's digits, 0 to 16, have columns of up to 12. Scaled so that one reaches 45, the tutorial's network loses about
 * three points of validation accuracy in 300 epochs, a thousand times as large half of them; at 0.2 it has learned nothing by then.
 */
const LARGE = 32;
const SMALL = 0.1;

/** Share of columns that may be constant, as the margins of images are. */
const CONSTANT_SHARE = 0.5;

interface Column {
  readonly largest: number;
  /** Root mean square. */
  readonly size: number;
  readonly isConstant: boolean;
}

const STANDARDISE = 'standardise each column (subtract its mean, divide by its standard deviation)';

/** What to tell of the features before training on them; empty where all is well. One pass over the data. */
export function featureNotices(dataset: Dataset): FeatureNotice[] {
  const columns = columnsOf(dataset);
  return [...scaleNotices(dataset, columns), ...constantNotices(dataset, columns)];
}

function scaleNotices({ name }: Dataset, columns: readonly Column[]): FeatureNotice[] {
  const varying = columns.filter(({ isConstant }) => !isConstant);
  const large = columns.filter(({ size }) => size > LARGE);
  if (large.length > 0) {
    const reach = number(Math.max(...large.map(({ largest }) => largest)));
    const first = columns.indexOf(large[0]!);
    const text =
      2 * large.length > varying.length
        ? `${name}: the features reach ${reach}, so large that units saturate and hardly learn; divide all by ${reach}, or ${STANDARDISE}.`
        : `${name}: ${count(large.length, columns.length)} reach ${reach} (the first is column ${first}), far above the others, so ` +
          `that units saturate and hardly learn; ${STANDARDISE}.`;
    return [{ kind: 'large', text }];
  }
  const size = Math.max(0, ...varying.map((column) => column.size));
  if (varying.length === 0 || size >= SMALL) return [];
  const reach = number(Math.max(...varying.map(({ largest }) => largest)));
  const text = `${name}: no feature is beyond ${reach}, so small that learning takes very long; divide all by ${reach}, or ${STANDARDISE}.`;
  return [{ kind: 'small', text }];
}

function constantNotices({ name, rows }: Dataset, columns: readonly Column[]): FeatureNotice[] {
  const constant = constants(columns);
  if (rows < 2 || constant <= CONSTANT_SHARE * columns.length) return [];
  const which = `${name}: ${count(constant, columns.length)} have one and the same value in every row`;
  const text =
    constant === columns.length
      ? `${which}, so that there is nothing to learn from; check how the data were read.`
      : `${which} and tell nothing; leave them out, or check how the data were read.`;
  return [{ kind: 'constant', text }];
}

function columnsOf({ rows, columns, features }: Dataset): Column[] {
  return Array.from({ length: columns }, (_, column) => {
    const first = features[column]!;
    let [least, most, squares] = [first, first, 0];
    for (let i = column; i < rows * columns; i += columns) {
      const value = features[i]!;
      if (value < least) least = value;
      if (value > most) most = value;
      squares += value * value;
    }
    return {
      largest: Math.max(Math.abs(least), Math.abs(most)),
      size: Math.sqrt(squares / rows),
      isConstant: least === most,
    };
  });
}

function constants(columns: readonly Column[]): number {
  return columns.filter(({ isConstant }) => isConstant).length;
}

function count(some: number, all: number): string {
  return some === all ? `all ${formatCount(all)} columns` : `${formatCount(some)} of ${formatCount(all)} columns`;
}

/** Four digits, thousands with commas. */
function number(value: number): string {
  return value >= 1e4 && value < 1e15 ? formatCount(value) : String(Number(value.toPrecision(4)));
}
