import { expect, test } from 'vitest';
import { tutorialSplit } from '../../src/data/digits';
import { Device } from '../../src/gpu/device';
import { denseNetwork } from '../../src/nn/network';
import { optimiser } from '../../src/nn/optimiser';
import { Trainer } from '../../src/train/trainer';
import golden from '../golden/tutorial-training.json';
import { loadDigits } from '../support/digits';

test('trains', async () => {
  const device = await Device.open(navigator.gpu);
  const t0 = performance.now();
  const trainer = await Trainer.create(device, {
    network: denseNetwork([64, 48, 32, 10], { output: 'sigmoid' }),
    optimiser: optimiser({ learningRate: 0.2, momentum: 0.9, l2: 0.599484 }),
    splits: tutorialSplit(await loadDigits()),
    batch: 'full',
    seed: 0,
  });
  console.log('create', performance.now() - t0);
  for await (const report of trainer.run({ epochs: 300, every: 100 })) {
    if (report.evaluation) console.log(report.epoch, JSON.stringify(report), performance.now() - t0);
  }
  console.log(trainer.timings.map((t) => `${t.label} ${t.calls} ${t.meanUs.toFixed(0)}`).join('\n'));
  console.log(JSON.stringify(golden).slice(0, 1500));
  trainer.dispose();
  expect(device.liveBuffers).toBe(0);
  device.dispose();
});
