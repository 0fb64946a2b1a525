// Rows a step as text: `full`, or a number.

import { parseNumber, type Parser, refuse } from '../base/parsing';
import type { BatchSize } from '../index';

/** @param trainRows rows of the training set, which a batch cannot exceed */
export function batchSize(subject: string, trainRows: number): Parser<BatchSize> {
  return (text) => {
    if (text.trim() === 'full') return 'full';
    const value = parseNumber(text);
    if (Number.isSafeInteger(value) && value >= 1 && value <= trainRows) return value;
    throw refuse(subject, text, `full, or a whole number from 1 to ${trainRows}, the rows of the training set`);
  };
}
