// `openDevice` of `underglass/node`; package.test.ts opens one in processes of their own.

import { expect, test } from 'vitest';
import { openDevice } from '../../src/node';

test('an unknown option or adapter is refused before anything is opened', async () => {
  // @ts-expect-error: what TypeScript refuses too
  await expect(openDevice({ adaptor: 'gpu' })).rejects.toMatchObject({
    code: 'usage',
    message: 'openDevice has no option adaptor; it takes adapter.',
  });
  // @ts-expect-error: what TypeScript refuses too
  await expect(openDevice({ adapter: 'fast' })).rejects.toMatchObject({
    code: 'usage',
    message: 'adapter is "fast"; use any, gpu or software.',
  });
});

test('the adapter that is named is opened, and may be opened again after it was disposed', async () => {
  for (let time = 0; time < 2; time++) {
    const device = await openDevice({ adapter: 'software' });
    expect(device.info.software).toBe(true);
    device.dispose();
  }
});
