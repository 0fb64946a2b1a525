// The Vite plug-in.

import { isAbsolute, relative, resolve } from 'node:path';
import type { Plugin, Rollup } from 'vite';
import { generateTypes } from './declaration.js';
import { moduleText } from './emit.js';
import { createLoader, type Loader } from './loader.js';
import { type Problem, ShaderError } from './problem.js';

export { generateTypes, type TypesOptions } from './declaration.js';
export type { WgslBinding, WgslEntryPoint, WgslField, WgslModule, WgslOverride, WgslStruct } from './module.js';
export type { Location, Problem } from './problem.js';

export interface WgslOptions {
  /** Folder that `package::` stands for, relative to the Vite root and inside it. Default `shaders`. */
  readonly root?: string;
  /** Folder for the declaration files, relative to the Vite root, or `false` for none. Default `.wgsl-types`. */
  readonly types?: string | false;
}

/** Imports, compile errors, reflection, types and hot reload for `.wgsl` files. */
export default function wgsl({ root = 'shaders', types = '.wgsl-types' }: WgslOptions = {}): Plugin {
  let viteRoot = '';
  let shaderRoot = '';
  let loader: Loader;
  /** The files that each shader loaded so far was made from, missing ones included. */
  const filesOf = new Map<string, readonly string[]>();

  /** Shaders with errors are passed over: the errors are reported where the shaders are loaded. */
  const writeTypes = (): void => {
    if (types !== false) generateTypes({ viteRoot, shaderRoot, types: resolve(viteRoot, types) }, loader);
  };

  const report = ({ message, location }: Problem): Rollup.RollupLog => {
    const { file, line, column, frame } = location;
    return {
      message: `${relative(viteRoot, file)}:${line}:${column} ${message}`,
      id: file,
      loc: { file, line, column },
      frame,
      stack: '',
    };
  };

  return {
    name: 'wgsl-loader',
    enforce: 'pre',

    configResolved(config) {
      viteRoot = config.root;
      shaderRoot = resolve(viteRoot, root);
      const inside = relative(viteRoot, shaderRoot);
      if (inside.startsWith('..') || isAbsolute(inside)) {
        throw new Error(`wgsl-loader: root '${root}' lies outside the Vite root ${viteRoot}`);
      }
      loader = createLoader(viteRoot, shaderRoot);
    },

    buildStart() {
      writeTypes();
    },

    watchChange(id) {
      if (id.endsWith('.wgsl')) writeTypes();
    },

    load: {
      // `?inline` is text, as Vite has it of other files; of `?raw` and `?url` Vite makes what it makes of any file.
      filter: { id: /\.wgsl(\?inline)?$/ },
      async handler(request) {
        const id = request.replace(/\?inline$/, '');
        try {
          const { module, files, warnings } = await loader.load(id);
          filesOf.set(id, files);
          for (const file of files) this.addWatchFile(file);
          for (const warning of warnings) this.warn(report(warning));
          const code = id === request ? moduleText(module) : `export default ${JSON.stringify(module.code)};\n`;
          return { code, map: { mappings: '' } };
        } catch (error) {
          if (!(error instanceof ShaderError)) throw error;
          filesOf.set(id, error.files);
          for (const file of error.files) this.addWatchFile(file);
          return this.error(firstOf(error.problems.map(report)));
        }
      },
    },

    hotUpdate({ file, modules }) {
      const { hot, moduleGraph } = this.environment;
      const affected = new Set(modules);
      for (const [shader, files] of filesOf) {
        if (!files.includes(file)) continue;
        for (const module of moduleGraph.getModulesByFile(shader) ?? []) {
          // Vite doesn't update a module that has never loaded: the page with its error overlay is reloaded instead.
          if (module.isSelfAccepting === undefined) hot.send({ type: 'full-reload' });
          else affected.add(module);
        }
      }
      return [...affected];
    },
  };
}

/** One log for several errors: at the place of the first, with the messages of all. */
function firstOf(logs: readonly Rollup.RollupLog[]): Rollup.RollupLog {
  return { ...logs[0], message: logs.map((log) => log.message).join('\n') };
}
