// The floors of the house: imports point down only.

import { expect, test } from 'vitest';

/** Folder or file of `src/` and the floor it stands on; docs/architecture.md tells what each owns. */
const FLOORS: Readonly<Record<string, number>> = {
  app: 10,
  cli: 10,
  experiment: 9,
  node: 9,
  'index.ts': 8,
  train: 7,
  profile: 6,
  schedule: 5,
  kernels: 4,
  program: 3,
  reference: 3,
  nn: 2,
  gpu: 2,
  data: 2,
  base: 1,
};

const sources = import.meta.glob<string>('../src/**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true });
const files = Object.entries(sources).map(([path, text]) => ({ path: path.replace('../src/', ''), text }));

interface Import {
  readonly from: string;
  readonly to: string;
}

const imports: Import[] = files.flatMap(({ path, text }) =>
  [...text.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)'([^']+)'/g)].map(([, to]) => ({ from: path, to: to! })),
);

/** The folder or file of `src/` that a path belongs to. */
const room = (path: string) => path.split('/')[0]!;

/** The path in `src/` that a relative import means, or undefined where it leaves `src/`. */
function resolve({ from, to }: Import): string | undefined {
  const { pathname } = new URL(to, `file:///src/${from}`);
  return pathname.startsWith('/src/') ? pathname.slice('/src/'.length) : undefined;
}

const relative = imports.filter(({ to }) => to.startsWith('.'));

test('there is something to check', () => {
  expect(files.length).toBeGreaterThan(40);
  expect(relative.length).toBeGreaterThan(100);
});

test('every file stands on a floor', () => {
  expect(files.map(({ path }) => room(path)).filter((name) => !(name in FLOORS))).toEqual([]);
});

test('imports point to a lower floor or stay in the folder', () => {
  const wrong = relative.filter((entry) => {
    const target = resolve(entry);
    if (target === undefined) {
      return false;
    }
    const [from, to] = [room(entry.from), room(target === 'index' ? 'index.ts' : target)];
    return from !== to && !(FLOORS[to]! < FLOORS[from]!);
  });
  expect(wrong).toEqual([]);
});

test('only kernels and probes of the adapter read shaders, and nothing else lies outside src/ but package.json', () => {
  const outside = relative.filter((entry) => resolve(entry) === undefined);
  const reads = ({ from, to }: Import) => room(from) === 'kernels' || to.includes('/shaders/ceilings/');
  const [shaders, others] = [outside.filter(reads), outside.filter((entry) => !reads(entry))];
  expect(others.filter(({ to }) => !to.endsWith('/package.json'))).toEqual([]);
  expect(shaders.every(({ to }) => to.endsWith('.wgsl'))).toBe(true);
  expect(shaders.filter(({ from }) => !['kernels', 'profile'].includes(room(from)))).toEqual([]);
});

test('Node and Dawn are known to node and the command line only; no other floor has dependencies but the page', () => {
  const packages = imports.filter(({ to }) => !to.startsWith('.'));
  expect(packages.filter(({ from }) => !['node', 'cli', 'app'].includes(room(from)))).toEqual([]);
  expect(
    packages.filter(({ from, to }) => !['node', 'cli'].includes(room(from)) && /^(node:|webgpu$)/.test(to)),
  ).toEqual([]);
});

test('the DOM is known to the page only', () => {
  const dom = /\b(document|window|localStorage)\.\w|\bHTML\w*Element\b/;
  expect(files.filter(({ path, text }) => room(path) !== 'app' && dom.test(text)).map(({ path }) => path)).toEqual([]);
});

test('buffers are made and destroyed by the gpu floor only', () => {
  const makes = /\.gpu\.createBuffer\(|\bbuffer\.destroy\(/;
  expect(files.filter(({ path, text }) => room(path) !== 'gpu' && makes.test(text)).map(({ path }) => path)).toEqual(
    [],
  );
});
