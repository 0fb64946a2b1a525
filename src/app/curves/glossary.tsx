// The glossary: what the words on this page mean, with the numbers of this run.

import { formatCount } from '../../base/units';
import { networkOf, sizesOf, stepsAnEpoch } from '../../experiment/build';
import { dataSet } from '../../experiment/data-sets';
import type { Settings } from '../../experiment/setting';
import { activations, optimisers } from '../../index';
import { largestProbability } from '../activation-range';
import type { TrainingRun } from '../run';

/** Short explanations for a student. */
export function Glossary({ run }: { readonly run: TrainingRun }) {
  const settings = run.settings.value;
  const sizes = sizesOf(settings);
  const { lr, momentum, l2, data, optimiser, output } = settings;
  const hidden = [
    ...new Set(
      networkOf(settings)
        .layers.slice(0, -1)
        .map(({ activation }) => activation),
    ),
  ];
  const leastLoss = -Math.log(largestProbability(output, sizes.at(-1)!));
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
          One look at {formatCount(dataSet(data).trainRows)} training images, {stepWords(settings)}: against the
          gradient, at a learning rate of {lr}
          {typeof momentum === 'number' && momentum > 0 ? `, keeping ${momentum} of the last change as momentum` : ''}.
        </dd>
        {optimiser !== 'sgd' && <Part {...optimisers[optimiser]} />}
        {hidden
          .filter((activation) => activation !== 'sigmoid')
          .map((activation) => (
            <Part key={activation} {...activations[activation]} />
          ))}
        <dt>Loss</dt>
        <dd>
          The surprise at the right answer: minus the logarithm of the probability that the network gave it, averaged,
          plus the penalty λ.{' '}
          {leastLoss > 0 &&
            `Bounded as they are, ${activations[output].label} outputs can never bring it below ${leastLoss.toFixed(3)}.`}
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

/** What a part of the network or of its training is. */
function Part({ label, hint }: { readonly label: string; readonly hint: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{hint}</dd>
    </>
  );
}

function networkWords(settings: Settings, sizes: readonly number[]): string {
  const [pixels, digits] = [sizes[0]!, sizes.at(-1)!];
  const layers = networkOf(settings).layers.slice(0, -1);
  const names = layers.map(({ activation }) => activations[activation].label);
  const units =
    new Set(names).size > 1
      ? layers.map(({ outputs }, i) => `${outputs} ${names[i]}`).join(', ')
      : `${layers.map(({ outputs }) => outputs).join(', ')} ${names[0]}`;
  const hidden =
    layers.length === 0
      ? 'no hidden layer'
      : `${layers.length === 1 ? 'one hidden layer' : `${layers.length} hidden layers`} of ${units} units`;
  const last = `${digits} ${activations[settings.output].label} outputs`;
  return `The ${pixels} pixels of an image pass through ${hidden} to ${last}; softmax turns those into a probability for each digit.`;
}

function stepWords(settings: Settings): string {
  const steps = stepsAnEpoch(settings);
  return steps === 1
    ? 'then one small change of all weights'
    : `in ${steps} batches of ${settings.batch} in a new order, with a small change of all weights after each`;
}
