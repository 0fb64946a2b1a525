// Divergence: when a training left the finite numbers, and where it shows.

import type { LayerParameters, Network } from '../nn/network';
import type { Optimiser } from '../nn/optimiser';

/** How a network's training left the finite numbers. */
export interface Divergence {
  /** The first step, counted from 1, whose loss is NaN or infinite; or the last one before the evaluation whose loss is. */
  readonly step: number;
  /** Whether a batch's loss or an evaluation's gave it away. */
  readonly found: 'batch' | 'evaluation';
  /**
   * The tensors that held a number that is not finite when the training stopped, in the order of the layers.
   *
   * Such a number spreads to all layers in one step, so the first need not be where it began.
   */
  readonly tensors: readonly string[];
  /** The tensor that held the largest of the finite numbers; what overflows is often a sum or a square of those. */
  readonly largest: string;
}

/** Which tensors hold a number that is not finite, and which the largest that is; by name, such as `dense2.w`. */
export function findStrangeNumbers(
  { layers }: Network,
  parameters: readonly LayerParameters[],
): Pick<Divergence, 'tensors' | 'largest'> {
  const tensors: string[] = [];
  let [largest, most] = ['', -1];
  for (const [i, { name }] of layers.entries()) {
    for (const part of ['w', 'b'] as const) {
      const tensor = `${name}.${part}`;
      const values = parameters[i]![part];
      if (!values.every(Number.isFinite)) {
        tensors.push(tensor);
      }
      for (const value of values) {
        if (Number.isFinite(value) && Math.abs(value) > most) {
          [largest, most] = [tensor, Math.abs(value)];
        }
      }
    }
  }
  return { tensors, largest };
}

/** The settings that throw a training out of the finite numbers. */
export interface DivergenceCauses {
  readonly learningRate: boolean;
  readonly l2: boolean;
}

/**
 * Which settings to blame for a divergence; at least one of them.
 *
 * The penalty adds λ / N of a weight to its gradient, for batches of N rows: beyond 1 that alone is more than the weight.
 */
export function divergenceCauses(optimiser: Pick<Optimiser, 'learningRate' | 'l2'>, rows: number): DivergenceCauses {
  const l2 = optimiser.l2 / rows > 1;
  return { learningRate: !l2 || optimiser.learningRate > 1, l2 };
}

/** What helps after a divergence: `a smaller learning rate than 0.2`. */
export function divergenceRemedy(optimiser: Pick<Optimiser, 'learningRate' | 'l2'>, rows: number): string {
  const causes = divergenceCauses(optimiser, rows);
  return [
    ...(causes.learningRate ? [`a smaller learning rate than ${optimiser.learningRate}`] : []),
    ...(causes.l2 ? [`a smaller L2 penalty than ${optimiser.l2}`] : []),
  ].join(' and ');
}

/** A divergence in a sentence without its end: which step, which layer. */
export function describeDivergence({ step, found, tensors, largest }: Divergence, stepsAnEpoch: number): string {
  const epoch = Math.ceil(step / stepsAnEpoch);
  const place = step - (epoch - 1) * stepsAnEpoch;
  const where = stepsAnEpoch === 1 ? `in epoch ${epoch}` : `step ${place} of ${stepsAnEpoch} in epoch ${epoch}`;
  const what =
    found === 'batch'
      ? `its loss is no number from step ${step} on (${where})`
      : `its loss is no number when evaluated after step ${step} (${where}), though those of all batches were`;
  return `the training diverged: ${what}, ${describeTensors(tensors, largest)}`;
}

function describeTensors([first, ...others]: readonly string[], largest: string): string {
  if (first === undefined) {
    return `while its weights are still finite, the largest in ${largest}`;
  }
  const more = others.length > 0 ? ` and ${others.length} more ${others.length === 1 ? 'tensor' : 'tensors'}` : '';
  return `and numbers of ${first}${more} are no longer finite`;
}
