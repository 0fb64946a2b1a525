// Linking: one WGSL text from a shader and the files that it imports.
//
// `package::lib::block` is the file lib/block.wgsl under the shader root, and
// `package::activation`, where there is a folder of that name and no file, the
// family of the files in it (family.ts). WESL does the linking, and reports only the imports that the code uses; the others
// are checked here, so that a misspelt import is an error where it is written.

import { existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import {
  bindIdents,
  declsOfKind,
  findAllRootDecls,
  type ImportStatement,
  linkRegistry,
  type ModuleResolver,
  parseSrcModule,
  resolveModulePath,
  type WeslAST,
} from 'wesl/core';
import { familyText } from './family.js';
import { type Location, locate, type Problem, ShaderError } from './problem.js';
import { readSource } from './source.js';

/** A shader with its imports linked in. */
export interface LinkedShader {
  readonly code: string;
  /** Names that the shader's `@if` attributes ask for, and those of the files it imports. */
  readonly conditions: readonly string[];
  /** Absolute paths of the shader and of every file it imports, directly or not. */
  readonly files: readonly string[];
  /** The place in a source file that an offset in `code` comes from. */
  locate(offset: number, length: number): Location;
}

/**
 * Links one shader.
 *
 * @param file absolute path of the shader
 * @param root absolute path of the folder that `package::` stands for
 * @param condition the name that is true in `@if` attributes; all others are false
 * @throws ShaderError for a syntax error, or a name or an import that isn't found
 */
export function linkShader(file: string, root: string, condition?: string): LinkedShader {
  const modules = new ModuleFiles(root);
  const rootModuleName = modulePath(file, root);
  const rootAst = modules.resolveModule(rootModuleName);
  if (!rootAst) throw new Error(`wgsl-loader: there is no file ${file}`);

  const badImports = checkImports(rootAst, modules);
  if (badImports.length > 0) throw new ShaderError(badImports, modules.candidates);
  const conditions = condition === undefined ? {} : { [condition]: true };
  const badNames = checkNames(rootAst, modules, conditions);
  if (badNames.length > 0) throw new ShaderError(badNames, modules.candidates);

  const map = linkRegistry({ resolver: modules, rootModuleName, conditions });
  const leading = map.dest.text.search(/\S|$/);
  return {
    code: `${map.dest.text.trim()}\n`,
    conditions: conditionNames(modules.asts),
    files: modules.files,
    locate(offset, length) {
      const { src, position } = map.destToSrc(offset + leading);
      const token = /^(\w+|.?)/.exec(map.dest.text.slice(offset + leading))?.[0] ?? '';
      return locate(src.path ?? file, src.text, nearest(token, src.text, position), length);
    },
  };
}

/**
 * The position of a token's occurrence nearest to where the source map has it.
 *
 * WESL formats the code anew, and maps keywords only to somewhere in the white space before them.
 */
function nearest(token: string, text: string, position: number): number {
  const found = [text.lastIndexOf(token, position), text.indexOf(token, position)].filter((at) => at >= 0);
  return found.toSorted((a, b) => Math.abs(a - position) - Math.abs(b - position))[0] ?? position;
}

/** Whether a shader source declares an entry point itself. */
export function hasEntryPoint(text: string): boolean {
  const ast = parseSrcModule({ modulePath: 'package::main', debugFilePath: 'main.wgsl', src: text });
  return declsOfKind(ast.moduleElem, 'fn').some((fn) =>
    fn.attributes?.some(
      ({ attribute }) => attribute.kind === '@attribute' && /^(compute|vertex|fragment)$/.test(attribute.name),
    ),
  );
}

/** The modules under the shader root, read and parsed once per link. */
class ModuleFiles implements ModuleResolver {
  readonly #root: string;
  readonly #asts = new Map<string, WeslAST | undefined>();

  constructor(root: string) {
    this.#root = root;
  }

  resolveModule(path: string): WeslAST | undefined {
    if (!this.#asts.has(path)) this.#asts.set(path, this.#parse(path));
    return this.#asts.get(path);
  }

  get asts(): WeslAST[] {
    return [...this.#asts.values()].filter((ast) => ast !== undefined);
  }

  /** The files that were found; a family is not one, but its members are. */
  get files(): string[] {
    return this.asts.map((ast) => ast.srcModule.debugFilePath).filter((file) => file.endsWith('.wgsl'));
  }

  /** The files that were found, or looked for in vain. */
  get candidates(): string[] {
    return [...this.#asts.keys()].flatMap((path) => this.#file(path) ?? []);
  }

  #file(path: string): string | undefined {
    const [name, ...parts] = path.split('::');
    return name === 'package' && parts.length > 0 ? `${join(this.#root, ...parts)}.wgsl` : undefined;
  }

  #parse(path: string): WeslAST | undefined {
    const file = this.#file(path);
    if (file === undefined) return undefined;
    if (existsSync(file)) return parseSrcModule({ modulePath: path, debugFilePath: file, src: readSource(file) });
    const folder = file.replace(/\.wgsl$/, '');
    const family = familyText(path, folder);
    return family === undefined ? undefined : parseSrcModule({ modulePath: path, debugFilePath: folder, src: family });
  }
}

function modulePath(file: string, root: string): string {
  const path = relative(root, file).replace(/\.wgsl$/, '');
  return ['package', ...path.split(sep)].join('::');
}

function checkImports(rootAst: WeslAST, modules: ModuleFiles): Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<WeslAST>();
  const queue = [rootAst];
  for (let ast = queue.pop(); ast; ast = queue.pop()) {
    if (seen.has(ast)) continue;
    seen.add(ast);
    problems.push(...syntaxErrors(ast));
    for (const { imports, start, end } of declsOfKind(ast.moduleElem, 'import')) {
      for (const path of importedPaths(imports)) {
        const found = findImport(path, ast, modules);
        if (typeof found === 'string') problems.push(importProblem(found, path, ast, start, end));
        else queue.push(found);
      }
    }
  }
  return problems;
}

/** Every path that an import statement names, without its renamings. */
function importedPaths(statement: ImportStatement): string[][] {
  const path = statement.segments.map((segment) => segment.name);
  const last = statement.finalSegment;
  if (last.kind === 'import-item') return [[...path, last.name]];
  return last.subtrees.flatMap((subtree) => importedPaths(subtree).map((rest) => [...path, ...rest]));
}

/** @return the module that an import leads to, or what is wrong with the import */
function findImport(path: readonly string[], from: WeslAST, modules: ModuleFiles): WeslAST | string {
  const resolved = resolveModulePath([...path], from.srcModule.modulePath.split('::'));
  const whole = modules.resolveModule(resolved.join('::'));
  if (whole) return whole;
  const parent = modules.resolveModule(resolved.slice(0, -1).join('::'));
  if (!parent) return `no module for the import '${path.join('::')}'`;
  const item = resolved.at(-1);
  const declared = findAllRootDecls(parent.rootScope).some((decl) => decl.originalName === item);
  return declared ? parent : `'${item}' isn't declared in '${path.slice(0, -1).join('::')}'`;
}

function importProblem(message: string, path: readonly string[], ast: WeslAST, start: number, end: number): Problem {
  const { debugFilePath, src } = ast.srcModule;
  const item = path.at(-1) ?? '';
  const at = src.slice(start, end).search(new RegExp(`\\b${item}\\b(?!\\s*::)`));
  return {
    severity: 'error',
    message,
    location: locate(debugFilePath, src, start + Math.max(at, 0), at < 0 ? end - start : item.length),
  };
}

/** The identifiers in `@if` and `@elif` attributes. */
function conditionNames(asts: readonly WeslAST[]): string[] {
  const tests = asts.flatMap(({ srcModule }) => [...srcModule.src.matchAll(/^[^/\n]*?@(?:el)?if\s*\(([^)]*)\)/gm)]);
  const names = tests.flatMap(([, test]) => test!.match(/[A-Za-z_]\w*/g) ?? []);
  return [...new Set(names)].filter((name) => name !== 'true' && name !== 'false').toSorted();
}

function checkNames(rootAst: WeslAST, modules: ModuleFiles, conditions: Readonly<Record<string, boolean>>): Problem[] {
  const { unbound = [] } = bindIdents({
    rootAst,
    resolver: modules,
    conditions,
    accumulateUnbound: true,
    lenient: true,
  });
  const problems = modules.asts.flatMap(syntaxErrors);
  if (problems.length > 0) return problems;
  return unbound.map(({ path, srcModule, start, end }) => ({
    severity: 'error',
    message: `unresolved name '${path.join('::')}'`,
    location: locate(srcModule.debugFilePath, srcModule.src, start, end - start),
  }));
}

function syntaxErrors(ast: WeslAST): Problem[] {
  const { debugFilePath, src } = ast.srcModule;
  return ast.diagnostics
    .filter((diagnostic) => diagnostic.severity === 'error')
    .map(({ message, start, end }) => ({
      severity: 'error',
      message,
      location: locate(debugFilePath, src, start, end - start),
    }));
}
