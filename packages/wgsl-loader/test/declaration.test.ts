// Declaration files: the literal types that TypeScript gives to an imported shader.

import { existsSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { generateTypes } from '../src/declaration.js';
import { createProject, type Project } from './project.js';

const SHADER = `const TILE = 16u;
override width: u32 = 64;
struct Params { rows: u32, rate: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@compute @workgroup_size(width) fn forward() { _ = params.rows * TILE; }
`;

const generate = (project: Project) =>
  generateTypes({ viteRoot: project.root, shaderRoot: project.shaders, types: project.path('.wgsl-types') });

/** TypeScript's errors in src/main.ts, each by line and text. */
function typeErrors(project: Project): string[] {
  const program = ts.createProgram([project.path('src/main.ts')], {
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts'],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    strict: true,
    noEmit: true,
    types: [],
    allowArbitraryExtensions: true,
    rootDirs: [project.root, project.path('.wgsl-types')],
    paths: { 'wgsl-loader': [join(import.meta.dirname, '../src/module.ts')] },
  });
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
    return `${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}

test('an imported shader has literal types, and fits WgslModule', () => {
  const project = createProject({
    'shaders/linear.wgsl': SHADER,
    'src/main.ts': `import type { WgslModule } from 'wgsl-loader';
import linear from '../shaders/linear.wgsl';
export const module: WgslModule = linear;
export const name: 'linear' = linear.name;
export const path: 'shaders/linear.wgsl' = linear.path;
export const code: string = linear.code;
export const size: readonly ['width', 1, 1] = linear.entryPoints.forward.workgroupSize;
export const used: readonly ['params'] = linear.entryPoints.forward.bindings;
export const type: GPUBufferBindingType = linear.bindings.params.type;
export const offset: 4 = linear.structs.Params.fields.rate.offset;
export const tile: 16 = linear.constants.TILE;
export const width: 64 = linear.overrides.width.default;
type GPUBufferBindingType = 'uniform' | 'storage' | 'read-only-storage';
`,
  });
  expect(generate(project)).toEqual([]);
  expect(typeErrors(project)).toEqual([]);
});

test('a wrong name or number is a type error', () => {
  const project = createProject({
    'shaders/linear.wgsl': SHADER,
    'src/main.ts': `import linear from '../shaders/linear.wgsl';
linear.bindings.parms;
export const tile: 32 = linear.constants.TILE;
import missing from '../shaders/missing.wgsl';
`,
  });
  generate(project);
  const errors = typeErrors(project);
  expect(errors).toHaveLength(3);
  expect(errors[0]).toMatch(/^2: Property 'parms' does not exist/);
  expect(errors[1]).toBe("3: Type '16' is not assignable to type '32'.");
  expect(errors[2]).toMatch(/^4: Cannot find module/);
});

test('a shader without an entry point is a WgslModule, in subfolders too', () => {
  const project = createProject({
    'shaders/deep/linear.wgsl': `import package::lib::plus::plus;\n${SHADER}`,
    'shaders/lib/plus.wgsl': 'fn plus(a: f32, b: f32) -> f32 { return a + b; }',
    'src/main.ts': `import linear from '../shaders/deep/linear.wgsl';
import plus from '../shaders/lib/plus.wgsl';
export const tile: 16 = linear.constants.TILE;
export const code: string = plus.code;
plus.parms;
`,
  });
  expect(generate(project)).toEqual([]);
  expect(typeErrors(project)).toEqual(["5: Property 'parms' does not exist on type 'WgslModule'."]);
});

test('a byte order mark is no part of a shader', () => {
  const project = createProject({ 'shaders/linear.wgsl': SHADER, 'shaders/marked.wgsl': `\uFEFF${SHADER}` });
  expect(generate(project)).toEqual([]);
  const [plain, marked] = ['linear', 'marked'].map((name) => project.read(`.wgsl-types/shaders/${name}.d.wgsl.ts`));
  expect(marked!.replaceAll('marked', 'linear')).toBe(plain);
});

test('the declaration file of a deleted shader is deleted, that of a broken one is kept', () => {
  const project = createProject({
    '.wgsl-types/shaders/gone.d.wgsl.ts': 'export {};',
    'shaders/linear.wgsl': SHADER,
  });
  generate(project);
  const declared = project.read('.wgsl-types/shaders/linear.d.wgsl.ts');
  project.write({ 'shaders/linear.wgsl': `${SHADER}fn broken() { nothing(); }` });
  expect(generate(project).map((problem) => problem.message)).toEqual(["unresolved name 'nothing'"]);
  expect(project.read('.wgsl-types/shaders/linear.d.wgsl.ts')).toBe(declared);
  expect(existsSync(project.path('.wgsl-types/shaders/gone.d.wgsl.ts'))).toBe(false);
});

test('a declaration file is written only if its text changes', () => {
  const project = createProject({ 'shaders/linear.wgsl': SHADER });
  generate(project);
  const file = project.path('.wgsl-types/shaders/linear.d.wgsl.ts');
  const past = new Date(0);
  utimesSync(file, past, past);
  project.write({ 'shaders/linear.wgsl': `${SHADER}fn unused() {}` });
  generate(project);
  expect(statSync(file).mtime).toEqual(past);
  project.write({ 'shaders/linear.wgsl': SHADER.replace('16u', '32u') });
  generate(project);
  expect(statSync(file).mtime).not.toEqual(past);
  expect(project.read('.wgsl-types/shaders/linear.d.wgsl.ts')).toContain('TILE: 32');
});
