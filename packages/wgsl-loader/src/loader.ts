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
  readonly code: string;
  readonly reflection: Reflection;
  problems?: Promise<Problem[]>;
}

/**
 * @param viteRoot absolute path that the modules' `path` is relative to
 * @param shaderRoot absolute path of the folder that `package::` stands for
 */
export function createLoader(viteRoot: string, shaderRoot: string): Loader {
  const cache = new Map<string, CacheEntry>();

  const entryFor = (file: string, shader: LinkedShader): CacheEntry => {
    const cached = cache.get(file);
    if (cached?.code === shader.code) return cached;
    const entry: CacheEntry = { code: shader.code, reflection: reflect(shader.code) };
    cache.set(file, entry);
    return entry;
  };

  const moduleOf = (file: string, { code, reflection }: CacheEntry): WgslModule => ({
    name: basename(file, '.wgsl'),
    path: relative(viteRoot, file).split(sep).join('/'),
    code,
    ...reflection,
  });

  return {
    async load(file) {
      const shader = linkShader(file, shaderRoot);
      const entry = entryFor(file, shader);
      entry.problems ??= compileShader(shader);
      const problems = await entry.problems;
      if (problems.some((problem) => problem.severity === 'error')) throw new ShaderError(problems, shader.files);
      return { module: moduleOf(file, entry), files: shader.files, warnings: problems };
    },
    reflect(file) {
      return moduleOf(file, entryFor(file, linkShader(file, shaderRoot)));
    },
  };
}
