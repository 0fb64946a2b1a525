// The glossary: what the words on this page mean, with the numbers of this run.

import { formatCount } from '../../base/units';
import { DATA_SETS, networkSizesOf, type Settings, stepsAnEpoch } from '../model/settings';
import type { TrainingRun } from '../run';

/** Short explanations for a student. */
export function Glossary({ run }: { readonly run: TrainingRun }) {
  const settings = run.settings.value;
  const sizes = networkSizesOf(settings);
  const { learningRate, momentum, l2, data } = settings;
  return (
    <section class="glossary" aria-labelledby="glossary-title">
      <div class="section-head">
        <h2 id="glossary-title">What is happening</h2>
        <p>{sizes.join(' → ')}</p>
      </div>
      <dl>
        <dt>Network</dt>
        <dd>{networkWords(settings, sizes)}</dd>
        <dt>Epoch</dt>
        <dd>
          One look at {formatCount(DATA_SETS[data].trainRows)} training images, {stepWords(settings)}: against the
          gradient, at a learning rate of {learningRate}, keeping {momentum} of the last change as momentum.
        </dd>
        <dt>Loss</dt>
        <dd>
          The surprise at the right answer: minus the logarithm of the probability that the network gave it, averaged,
          plus the penalty λ.{' '}
          {settings.output === 'sigmoid' &&
            'Between 0 and 1 as they are, sigmoid outputs can never bring it below 1.461.'}
        </dd>
        <dt>Accuracy</dt>
        <dd>The share of images whose most probable digit is the right one.</dd>
        <dt>λ</dt>
        <dd>How much large weights cost, here {l2}. It keeps the network from learning single images by heart.</dd>
        <dt>Splits</dt>
        <dd>It learns from training images. Validation images choose λ. Test images only grade the result.</dd>
      </dl>
    </section>
  );
}

function networkWords({ layers, output }: Settings, sizes: readonly number[]): string {
  const [pixels, digits] = [sizes[0]!, sizes.at(-1)!];
  const hidden =
    layers.length === 0
      ? 'no hidden layer'
      : `${layers.length === 1 ? 'one hidden layer' : `${layers.length} hidden layers`} of ${layers.join(', ')} sigmoid units`;
  const last = output === 'sigmoid' ? `${digits} sigmoid outputs` : `${digits} linear outputs`;
  return `The ${pixels} pixels of an image pass through ${hidden} to ${last}; softmax turns those into a probability for each digit.`;
}

function stepWords(settings: Settings): string {
  const steps = stepsAnEpoch(settings);
  return steps === 1
    ? 'then one small change of all weights'
    : `in ${steps} batches of ${settings.batch} in a new order, with a small change of all weights after each`;
}
