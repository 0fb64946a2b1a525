// How much of a page's main thread is JavaScript, by a CPU profile.

import type { CDPSession } from 'playwright';

/** µs from one sample to the next: often enough for the shortest batch, and a fraction of a percent of the thread's time. */
const INTERVAL = 200;

/** What a sample of the profile can show. */
type Kind = 'script' | 'browser' | 'webAssembly' | 'idle';

/**
 * Runs `work`, and gives with its result the share of JavaScript in the time that the main thread is busy meanwhile, from 0 to 1.
 *
 * A sample counts as JavaScript where a function of the page runs, or one of the browser that it called (so `submit` counts), or
 * the garbage collector. WebAssembly does not count, nor what the browser does of its own accord. Undefined where the
 * thread was never seen busy.
 */
export async function profile<T>(
  session: CDPSession,
  work: () => Promise<T>,
): Promise<{ readonly sample: T; readonly share: number | undefined }> {
  await session.send('Profiler.enable');
  await session.send('Profiler.setSamplingInterval', { interval: INTERVAL });
  await session.send('Profiler.start');
  const sample = await work();
  const { profile: taken } = await session.send('Profiler.stop');
  await session.send('Profiler.disable');
  const kinds = new Map(taken.nodes.map(({ id, callFrame }) => [id, kindOf(callFrame)]));
  const time: Record<Kind, number> = { script: 0, browser: 0, webAssembly: 0, idle: 0 };
  // A sample stands for the time until the next one.
  for (const [i, id] of (taken.samples ?? []).entries()) {
    time[kinds.get(id)!] += Math.max(0, taken.timeDeltas?.[i + 1] ?? 0);
  }
  const busy = time.script + time.browser + time.webAssembly;
  return { sample, share: busy > 0 ? time.script / busy : undefined };
}

function kindOf({ functionName, url }: { readonly functionName: string; readonly url: string }): Kind {
  if (functionName === '(idle)' || functionName === '(root)') return 'idle';
  if (functionName === '(program)') return 'browser';
  return url.startsWith('wasm:') ? 'webAssembly' : 'script';
}
