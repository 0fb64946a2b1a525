// Modules as text: what is read back is what was written, and no text is written twice.

import { array, assert, asyncProperty, constantFrom } from 'fast-check';
import { expect, test } from 'vitest';
import { moduleText } from '../src/emit';
import type { WgslModule } from '../src/module';

const made = (code: string, codeIf: WgslModule['codeIf']): WgslModule => ({
  name: 'shader',
  path: 'shaders/shader.wgsl',
  code,
  codeIf,
  entryPoints: {},
  bindings: {},
  overrides: {},
  structs: {},
  constants: { COUNT: 3 },
});

async function readBack(module: WgslModule): Promise<unknown> {
  const address = `data:text/javascript,${encodeURIComponent(moduleText(module))}`;
  const { default: read }: { default: unknown } = await import(/* @vite-ignore */ address);
  return read;
}

test('a module is read back as it was, whatever its texts are', async () => {
  const line = constantFrom('a\n', 'b\n', '\n', '"quoted" \\ `x`\n', 'end');
  const text = array(line, { maxLength: 12 }).map((lines) => lines.join(''));
  await assert(
    asyncProperty(text, text, text, async (code, one, other) => {
      const module = made(code, { one, other });
      expect(await readBack(module)).toEqual(module);
    }),
    { numRuns: 50 },
  );
});

test('what two texts have in common is written once', () => {
  const lines = Array.from({ length: 300 }, (_, i) => `let value${i} = ${i};\n`);
  const plain = lines.join('');
  const changed = ['enable subgroups;\n', ...lines.slice(0, 100), 'let more = 1;\n', ...lines.slice(101)].join('');
  const size = moduleText(made(plain, {})).length;
  expect(moduleText(made(plain, { subgroups: changed })).length).toBeLessThan(size + 200);
});
