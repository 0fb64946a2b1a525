// Loader: shader files to WgslModules. A shader whose linked code hasn't changed isn't compiled again.

import { basename, relative, sep } from 'node:path';
import { compileShader } from './compile.js';
import { type LinkedShader, linkShader } from './link.js';
import type { WgslModule } from './module.js';
import { type Problem, ShaderError } from './problem.js';
import { reflect, type Reflection } from './reflect.js';

export interface LoadedShader {
  readonly module: WgslModule;
  /** Absolute paths of the shader and of every file it imports. */
  readonly files: readonly string[];
  readonly warnings: readonly Problem[];
}

export interface Loader {
  /** Links, compiles and reflects a shader. Throws a ShaderError. */
  load(file: string): Promise<LoadedShader>;
  /** Links and reflects a shader without compiling it. Throws a ShaderError. */
  reflect(file: string): WgslModule;
}

interface CacheEntry {
  readonly codes: readonly string[];
  readonly reflection: Reflection;
  problems?: Promise<Problem[]>;
}

/** A shader with no condition true, then with each of its conditions. */
type Linked = readonly [LinkedShader, ...LinkedShader[]];

/**
 * @param viteRoot absolute path that the modules' `path` is relative to
 * @param shaderRoot absolute path of the folder that `package::` stands for
 */
export function createLoader(viteRoot: string, shaderRoot: string): Loader {
  const cache = new Map<string, CacheEntry>();

  const link = (file: string): Linked => {
    const plain = linkShader(file, shaderRoot);
    return [plain, ...plain.conditions.map((condition) => linkShader(file, shaderRoot, condition))];
  };

  const entryFor = (file: string, shaders: Linked): CacheEntry => {
    const codes = shaders.map(({ code }) => code);
    const cached = cache.get(file);
    if (cached && codes.join('\0') === cached.codes.join('\0')) return cached;
    const reflection = reflect(codes[0]!);
    for (const [i, condition] of shaders[0].conditions.entries()) {
      if (JSON.stringify(reflect(codes[i + 1]!)) !== JSON.stringify(reflection)) {
        const message = `bindings, overrides, structs and constants must not depend on @if(${condition})`;
        throw new ShaderError([{ severity: 'error', message, location: shaders[0].locate(0, 1) }], shaders[0].files);
      }
    }
    const entry: CacheEntry = { codes, reflection };
    cache.set(file, entry);
    return entry;
  };

  const moduleOf = (file: string, [{ conditions }]: Linked, { codes, reflection }: CacheEntry): WgslModule => ({
    name: basename(file, '.wgsl'),
    path: relative(viteRoot, file).split(sep).join('/'),
    code: codes[0]!,
    codeIf: Object.fromEntries(conditions.map((condition, i) => [condition, codes[i + 1]!])),
    ...reflection,
  });

  return {
    async load(file) {
      const shaders = link(file);
      const entry = entryFor(file, shaders);
      entry.problems ??= compileAll(shaders);
      const problems = await entry.problems;
      const { files } = shaders[0];
      if (problems.some((problem) => problem.severity === 'error')) throw new ShaderError(problems, files);
      return { module: moduleOf(file, shaders, entry), files, warnings: problems };
    },
    reflect(file) {
      const shaders = link(file);
      return moduleOf(file, shaders, entryFor(file, shaders));
    },
  };
}

/** The problems of a shader with and without its conditions, each once. */
async function compileAll(shaders: Linked): Promise<Problem[]> {
  const problems = (await Promise.all(shaders.map(compileShader))).flat();
  const key = ({ message, location: { file, line, column } }: Problem) => [file, line, column, message].join('\0');
  return [...new Map(problems.map((problem) => [key(problem), problem])).values()];
}
