// `npm start` on a fresh clone: the page is served, and nothing is asked of packages that only the benchmark has.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLogger, createServer } from 'vite';

test('serves the page without a complaint, and looks for packages in the page alone', async () => {
  const cacheDir = await mkdtemp(join(tmpdir(), 'underglass-start-'));
  const said: string[] = [];
  const logger = createLogger('silent');
  for (const level of ['warn', 'warnOnce', 'error'] as const) {
    logger[level] = (text: string) => void said.push(text);
  }
  const server = await createServer({ cacheDir, customLogger: logger, server: { port: 0, open: false } });
  try {
    await server.listen();
    const { depsOptimizer } = server.environments.client;
    await depsOptimizer!.scanProcessing;
    const address = server.resolvedUrls!.local[0]!;
    expect(await (await fetch(address)).text()).toContain('Underglass');
    const { discovered, optimized } = depsOptimizer!.metadata;
    const found = Object.keys({ ...discovered, ...optimized });
    expect(found).toContain('preact');
    expect(found.filter((name) => /tensorflow|jax/.test(name))).toEqual([]);
    expect(said).toEqual([]);
  } finally {
    await server.close();
    await rm(cacheDir, { recursive: true, force: true });
  }
});
