// Compile errors, placed in the files that the code was written in.

import { describe, expect, test, vi } from 'vitest';
import * as compiler from '../src/compile.js';
import { ShaderError } from '../src/problem.js';
import { createProject, problemsOf } from './project.js';

const MAIN = 'import package::lib::half::half;\n@compute @workgroup_size(1) fn main() { _ = half(1); }';

describe('a compile error', () => {
  test('in an imported file has the line and column of that file, though linking reformats the code', async () => {
    const project = createProject({
      'shaders/main.wgsl': MAIN,
      'shaders/lib/half.wgsl': `// ½ of x, Σ of nothing.
fn half(
  x: f32,
) -> f32 { /* é */ let y = x * 0.5;

      if (y > 1) { let z: u32 = y; }
  return y; }
`,
    });
    const [problem, ...others] = await problemsOf(project, 'shaders/main.wgsl');
    expect(problem).toMatch(/^shaders\/lib\/half\.wgsl:6:24 .*'f32'/);
    expect(others).toEqual([]);
  });

  test('at a keyword has the place of the keyword', async () => {
    const project = createProject({
      'shaders/main.wgsl': MAIN,
      'shaders/lib/half.wgsl': 'fn half(x: f32) -> f32 {\n        return u32(x);\n}',
    });
    expect((await problemsOf(project, 'shaders/main.wgsl'))[0]).toMatch(/^shaders\/lib\/half\.wgsl:2:9 .*'u32'/);
  });

  test('shows the source lines around it', async () => {
    const project = createProject({
      'shaders/main.wgsl': MAIN,
      'shaders/lib/half.wgsl': 'fn half(x: f32) -> f32 {\n  let y: u32 = x;\n  return 1;\n}',
    });
    const error: unknown = await project
      .loader()
      .load(project.path('shaders/main.wgsl'))
      .catch((reason: unknown) => reason);
    expect(error instanceof ShaderError && error.problems[0]?.location.frame).toBe(
      '1 | fn half(x: f32) -> f32 {\n2 |   let y: u32 = x;\n  |       ^\n3 |   return 1;\n4 | }',
    );
  });
});

test("a compiler's warning has a place and is no error", async () => {
  const project = createProject({
    'shaders/main.wgsl': MAIN,
    'shaders/lib/half.wgsl': 'fn half(x: f32) -> f32 {\n  return x;\n  let y = x;\n}',
  });
  const { warnings } = await project.loader().load(project.path('shaders/main.wgsl'));
  expect(warnings.map(({ severity, location }) => [severity, location.line])).toEqual([['warning', 3]]);
});

test('f16 and subgroups can be enabled, by an imported file too', async () => {
  const project = createProject({
    'shaders/main.wgsl': MAIN,
    'shaders/lib/half.wgsl': `enable f16;
enable subgroups;
fn half(x: f32) -> f32 { return f32(f16(subgroupAdd(x))); }`,
  });
  expect(await problemsOf(project, 'shaders/main.wgsl')).toEqual([]);
});

test('a shader is compiled again only when its linked code changes', async () => {
  const compile = vi.spyOn(compiler, 'compileShader');
  const project = createProject({
    'shaders/main.wgsl': MAIN,
    'shaders/lib/half.wgsl': 'fn half(x: f32) -> f32 { return x * 0.5; }\nfn other() {}',
  });
  const loader = project.loader();
  const load = async () => (await loader.load(project.path('shaders/main.wgsl'))).module.code;
  await load();
  await load();
  project.write({ 'shaders/lib/half.wgsl': 'fn half(x: f32) -> f32 { return x * 0.5; }\nfn another() {}' });
  await load();
  expect(compile).toHaveBeenCalledTimes(1);
  project.write({ 'shaders/lib/half.wgsl': 'fn half(x: f32) -> f32 { return x / 2; }' });
  expect(await load()).toContain('x / 2');
  expect(compile).toHaveBeenCalledTimes(2);
  compile.mockRestore();
});
