// The glossary: what the words on this page mean, and the experiment's numbers.

import { formatCount } from '../base/units';
import { TUTORIAL_L2, TUTORIAL_LEARNING_RATE, TUTORIAL_MOMENTUM, TUTORIAL_SIZES } from '../index';
import type { TrainingRun } from './run';

/** Short explanations for a student. */
export function Glossary({ run }: { readonly run: TrainingRun }) {
  const images = run.rows.value ? formatCount(run.rows.value.train) : 'all';
  return (
    <section class="glossary" aria-labelledby="glossary-title">
      <div class="section-head">
        <h2 id="glossary-title">What is happening</h2>
        <p>{TUTORIAL_SIZES.join(' → ')}</p>
      </div>
      <dl>
        <dt>Network</dt>
        <dd>
          The {TUTORIAL_SIZES[0]} pixels of an image pass through three layers of {TUTORIAL_SIZES.slice(1).join(', ')}{' '}
          sigmoid units; softmax turns the last {TUTORIAL_SIZES.at(-1)} numbers into a probability for each digit.
        </dd>
        <dt>Epoch</dt>
        <dd>
          One look at {images} training images, then one small change of all weights: against the gradient, at a
          learning rate of {TUTORIAL_LEARNING_RATE}, keeping {TUTORIAL_MOMENTUM} of the last change as momentum.
        </dd>
        <dt>Loss</dt>
        <dd>
          The surprise at the right answer: minus the logarithm of the probability that the network gave it, averaged,
          plus the penalty λ. These sigmoid outputs can never bring it below 1.461.
        </dd>
        <dt>Accuracy</dt>
        <dd>The share of images whose most probable digit is the right one.</dd>
        <dt>λ</dt>
        <dd>
          How much large weights cost. It keeps the network from learning single images by heart; {TUTORIAL_L2} did best
          on the validation images among the tutorial’s ten values.
        </dd>
        <dt>Splits</dt>
        <dd>It learns from training images. Validation images choose λ. Test images only grade the result.</dd>
      </dl>
    </section>
  );
}
