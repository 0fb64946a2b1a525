// Imports between shader files.

import { describe, expect, test } from 'vitest';
import { linkShader } from '../src/link.js';
import { createProject, problemsOf } from './project.js';

const MAIN = '@compute @workgroup_size(1) fn main() { _ = twice(1); }';

describe('imports', () => {
  test('are linked into one text that compiles, directly and through other imports', async () => {
    const project = createProject({
      'shaders/main.wgsl': `import package::lib::twice::{twice};\n${MAIN}`,
      'shaders/lib/twice.wgsl': 'import super::plus::plus;\nfn twice(x: f32) -> f32 { return plus(x, x); }',
      'shaders/lib/plus.wgsl': 'fn plus(a: f32, b: f32) -> f32 { return a + b; }\nfn unused() {}',
    });
    const { code, files } = linkShader(project.path('shaders/main.wgsl'), project.shaders);
    expect(code).toContain('fn twice(');
    expect(code).toContain('fn plus(');
    expect(code).not.toMatch(/import|unused/);
    expect(files.map((file) => file.replace(`${project.shaders}/`, ''))).toEqual([
      'main.wgsl',
      'lib/twice.wgsl',
      'lib/plus.wgsl',
    ]);
    expect(await problemsOf(project, 'shaders/main.wgsl')).toEqual([]);
  });

  test('may name a whole module, rename an item, or stand in the code', async () => {
    const project = createProject({
      'shaders/main.wgsl': `import package::lib::plus;
        import package::lib::twice::twice as double;
        @compute @workgroup_size(1) fn main() {
          _ = plus::plus(1, 2) + double(3) + package::lib::twice::twice(4);
        }`,
      'shaders/lib/twice.wgsl': 'fn twice(x: f32) -> f32 { return x + x; }',
      'shaders/lib/plus.wgsl': 'fn plus(a: f32, b: f32) -> f32 { return a + b; }',
    });
    expect(await problemsOf(project, 'shaders/main.wgsl')).toEqual([]);
  });

  test('keep two functions of one name apart', async () => {
    const project = createProject({
      'shaders/main.wgsl': `import package::lib::twice::twice;
        fn plus(x: i32) -> i32 { return x + 1; }
        @compute @workgroup_size(1) fn main() { _ = twice(1); _ = plus(1); }`,
      'shaders/lib/twice.wgsl': `fn plus(a: f32, b: f32) -> f32 { return a + b; }
        fn twice(x: f32) -> f32 { return plus(x, x); }`,
    });
    expect(await problemsOf(project, 'shaders/main.wgsl')).toEqual([]);
  });

  test('of an unknown module are errors where they are written, even if unused', async () => {
    const project = createProject({
      'shaders/main.wgsl': `// main\nimport package::lib::nope::{twice, thrice};\n@compute @workgroup_size(1) fn main() {}`,
    });
    expect(await problemsOf(project, 'shaders/main.wgsl')).toEqual([
      "shaders/main.wgsl:2:29 no module for the import 'package::lib::nope::twice'",
      "shaders/main.wgsl:2:36 no module for the import 'package::lib::nope::thrice'",
    ]);
  });

  test('of an unknown item are errors where they are written, in an imported file too', async () => {
    const project = createProject({
      'shaders/main.wgsl': `import package::lib::twice::twice;\n${MAIN}`,
      'shaders/lib/twice.wgsl': '\n\nimport super::plus::minus;\nfn twice(x: f32) -> f32 { return minus(x, x); }',
      'shaders/lib/plus.wgsl': 'fn plus(a: f32, b: f32) -> f32 { return a + b; }',
    });
    expect(await problemsOf(project, 'shaders/main.wgsl')).toEqual([
      "shaders/lib/twice.wgsl:3:21 'minus' isn't declared in 'super::plus'",
    ]);
  });

  test('in a circle are linked', async () => {
    const project = createProject({
      'shaders/main.wgsl': `import package::a::one;\n@compute @workgroup_size(ONE) fn main() { _ = one(); }\nconst ONE = 1;`,
      'shaders/a.wgsl': 'import package::main::ONE;\nfn one() -> i32 { return ONE; }',
    });
    expect(await problemsOf(project, 'shaders/main.wgsl')).toEqual([]);
  });
});

describe('a mistake in an imported file', () => {
  test('of syntax is reported at its own place', async () => {
    const project = createProject({
      'shaders/main.wgsl': `import package::lib::twice::twice;\n${MAIN}`,
      'shaders/lib/twice.wgsl': '// Twice.\nfn twice(x: f32) -> f32 {\n  return x + ;\n}',
    });
    const [problem] = await problemsOf(project, 'shaders/main.wgsl');
    expect(problem).toMatch(/^shaders\/lib\/twice\.wgsl:3:/);
  });

  test('of a name is reported at its own place', async () => {
    const project = createProject({
      'shaders/main.wgsl': `import package::lib::twice::twice;\n${MAIN}`,
      'shaders/lib/twice.wgsl': '// Twice.\nfn twice(x: f32) -> f32 {\n  return x + y;\n}',
    });
    expect(await problemsOf(project, 'shaders/main.wgsl')).toEqual(["shaders/lib/twice.wgsl:3:14 unresolved name 'y'"]);
  });
});

describe('conditions', () => {
  const FILES = {
    'shaders/main.wgsl': `import package::lib::share::share;
      @if(subgroups) enable subgroups;
      @group(0) @binding(0) var<storage, read_write> y: array<f32>;
      @compute @workgroup_size(4) fn main(@builtin(local_invocation_index) i: u32) { y[i] = share(y[i]); }`,
    'shaders/lib/share.wgsl': `fn share(x: f32) -> f32 {
      @if(subgroups) return quadBroadcast(x, 0);
      @else return x;
    }`,
  };

  test('make one text more for each name, and all of them compile', async () => {
    const project = createProject(FILES);
    const { module, warnings } = await project.loader().load(project.path('shaders/main.wgsl'));
    expect(warnings).toEqual([]);
    expect(module.code).not.toContain('subgroups');
    expect(Object.keys(module.codeIf)).toEqual(['subgroups']);
    expect(module.codeIf['subgroups']).toContain('enable subgroups;');
    expect(module.codeIf['subgroups']).toContain('quadBroadcast');
  });

  test('report an error that only one of the texts has', async () => {
    const project = createProject({
      ...FILES,
      'shaders/lib/share.wgsl': 'fn share(x: f32) -> f32 {\n  @if(subgroups) return 1u;\n  @else return x;\n}',
    });
    const [problem] = await problemsOf(project, 'shaders/main.wgsl');
    expect(problem).toMatch(/^shaders\/lib\/share\.wgsl:2:/);
  });

  test('may not change what is bound', async () => {
    const project = createProject({
      'shaders/main.wgsl': `@if(big) @group(0) @binding(0) var<storage, read_write> y: array<vec4f>;
        @else @group(0) @binding(0) var<storage, read_write> y: array<f32>;
        @compute @workgroup_size(4) fn main(@builtin(local_invocation_index) i: u32) { y[i] += y[i]; }`,
    });
    const [problem] = await problemsOf(project, 'shaders/main.wgsl');
    expect(problem).toContain('must not depend on @if(big)');
  });
});
