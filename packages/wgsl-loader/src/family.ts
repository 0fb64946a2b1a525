// Families: a folder of shader files that define the same functions, as one module.
//
// Where shaders/activation/ holds relu.wgsl and tanh.wgsl, each with a function `value`, the module
// `package::activation` has the constants ACTIVATION_RELU and ACTIVATION_TANH and a function `value`
// that takes one of them first and calls that file's own. With an override for the constant, the
// compiler drops all files but one. A new file in the folder is all that a new member takes.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readSource } from './source.js';

/** A function's name, and its parameters and its result as they are written. */
interface Signature {
  readonly name: string;
  readonly parameters: string;
  readonly result: string;
}

/**
 * The text of the module that a folder of shader files is.
 *
 * @param path the module's path: `package::activation`
 * @param folder the absolute path of the folder
 * @return undefined where there is no such folder, or its files share no function with a result
 */
export function familyText(path: string, folder: string): string | undefined {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return undefined;
  const members = readdirSync(folder)
    .filter((file) => file.endsWith('.wgsl'))
    .map((file) => basename(file, '.wgsl'))
    .toSorted();
  const texts = members.map((member) => readSource(join(folder, `${member}.wgsl`)));
  const functions = sharedFunctions(texts);
  if (functions.length === 0) return undefined;
  const family = basename(folder);
  const constant = (member: string) => `${family}_${member}`.toUpperCase();
  return [
    ...importsOf(texts[0]!),
    ...members.map((member, number) => `const ${constant(member)} = ${number}u;`),
    ...functions.map(({ name, parameters, result }) => {
      const names = [...parameters.matchAll(/(\w+)\s*:/g)].map(([, parameter]) => parameter);
      const call = (member: string) => `return ${path}::${member}::${name}(${names.join(', ')});`;
      // The first member is the default, so that no path is without a result.
      const cases = members.slice(1).map((member) => `    case ${constant(member)}: { ${call(member)} }`);
      return [
        `fn ${name}(${family}: u32, ${parameters}) -> ${result} {`,
        `  switch ${family} {`,
        ...cases,
        `    case ${constant(members[0]!)}, default: { ${call(members[0]!)} }`,
        '  }',
        '}',
      ].join('\n');
    }),
    '',
  ].join('\n');
}

/** The functions with a result that all texts have, as the first has them. */
function sharedFunctions([first = '', ...others]: readonly string[]): Signature[] {
  return functionsOf(first).filter(({ name }) =>
    others.every((text) => functionsOf(text).some((found) => found.name === name)),
  );
}

function functionsOf(text: string): Signature[] {
  const found = text.matchAll(/^fn\s+(\w+)\s*\(([^)]*)\)\s*->\s*([\w<>]+)/gm);
  return [...found].map(([, name, parameters, result]) => ({
    name: name!,
    parameters: parameters!.trim().replace(/,$/, ''),
    result: result!,
  }));
}

/** The import statements of a text: the types in its signatures come from there. */
function importsOf(text: string): string[] {
  return [...text.matchAll(/^import\s[^;]+;/gm)].map(([statement]) => statement);
}
