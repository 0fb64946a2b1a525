// A Vite plug-in: holds the JavaScript that the page needs at the start to a budget.

import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/**
 * Fails the build where the JavaScript that is loaded at once, compressed, exceeds `budget` bytes.
 *
 * That is the entry with all that it imports statically, and the training worker. What is imported on demand is not counted.
 */
export function sizeBudget(budget: number): Plugin {
  return {
    name: 'size-budget',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const outputs = Object.values(bundle);
        const needed = new Set<string>();
        const need = (fileName: string) => {
          const output = bundle[fileName];
          if (output?.type === 'chunk' && !needed.has(fileName)) {
            needed.add(fileName);
            output.imports.forEach(need);
          }
        };
        for (const output of outputs) {
          if (output.type === 'chunk' && output.isEntry) need(output.fileName);
        }
        const workers = outputs.filter(({ type, fileName }) => type === 'asset' && /worker-.*\.js$/.test(fileName));
        const sizes = [...needed, ...workers.map(({ fileName }) => fileName)].map((fileName) => {
          const output = bundle[fileName]!;
          return gzipSync(output.type === 'chunk' ? output.code : output.source).length;
        });
        const total = sizes.reduce((sum, size) => sum + size, 0);
        const words = `${(total / 1000).toFixed(1)} kB of compressed JavaScript at the start`;
        if (workers.length === 0)
          this.error('the training worker is not among the outputs; its size cannot be counted');
        if (total > budget) {
          this.error(
            `${words} exceed the budget of ${budget / 1000} kB; import on demand what a first look can do without`,
          );
        }
        this.info(words);
      },
    },
  };
}
