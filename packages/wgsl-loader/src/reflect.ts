// Reflection: entry points, bindings, overrides, structs and constants of a
// linked shader. The code is one module by now, so every name is final.

import {
  bindIdents,
  declsOfKind,
  evalConstExpr,
  type ConstElem,
  type ConstValue,
  convertValue,
  type FnElem,
  type GlobalVarElem,
  type OverrideElem,
  parseSrcModule,
  refDecl,
  type StandardAttribute,
  type TypeContext,
  typeOfDecl,
  visitAst,
  type WeslAST,
} from 'wesl/core';
import { attributeValue, layoutOf, structLayout, typeName } from './layout.js';
import type { WgslBinding, WgslEntryPoint, WgslModule, WgslOverride, WgslStruct } from './module.js';

export type Reflection = Pick<WgslModule, 'entryPoints' | 'bindings' | 'overrides' | 'structs' | 'constants'>;

/** @param code linked WGSL, without imports */
export function reflect(code: string): Reflection {
  const ast = parseSrcModule({ modulePath: 'package::main', debugFilePath: 'main.wgsl', src: code });
  const { bindings } = bindIdents({ rootAst: ast, resolver: { resolveModule: () => undefined }, conditions: {} });
  const context: TypeContext = { bindings };
  const buffers = reflectBindings(ast, context);
  return {
    entryPoints: reflectEntryPoints(ast, buffers, context),
    bindings: buffers,
    overrides: reflectOverrides(ast, context),
    structs: reflectStructs(ast, context),
    constants: reflectConstants(ast, context),
  };
}

function reflectBindings(ast: WeslAST, context: TypeContext): { [name: string]: WgslBinding } {
  const found = declsOfKind(ast.moduleElem, 'gvar').flatMap((variable) => {
    const type = bindingType(variable);
    if (!type) return [];
    const { ident } = variable.name.decl;
    const store = typeOfDecl(ident, context);
    const binding: WgslBinding = {
      group: attributeValue(variable, 'group', context) ?? 0,
      binding: attributeValue(variable, 'binding', context) ?? 0,
      type,
      format: typeName(store),
      minBindingSize: layoutOf(store, context).size,
    };
    return [[ident.originalName, binding] as const];
  });
  found.sort(([, a], [, b]) => a.group - b.group || a.binding - b.binding);
  return Object.fromEntries(found);
}

function bindingType({ template }: GlobalVarElem): WgslBinding['type'] | undefined {
  const [space, access] = (template ?? []).map((name) => name.name);
  if (space === 'uniform') return 'uniform';
  if (space !== 'storage') return undefined;
  return access === 'read_write' ? 'storage' : 'read-only-storage';
}

function reflectEntryPoints(
  ast: WeslAST,
  buffers: { readonly [name: string]: WgslBinding },
  context: TypeContext,
): { [name: string]: WgslEntryPoint } {
  const entryPoints: { [name: string]: WgslEntryPoint } = {};
  for (const fn of declsOfKind(ast.moduleElem, 'fn')) {
    const stage = stageOf(fn);
    if (!stage) continue;
    const used = variablesUsedBy(fn, context);
    entryPoints[fn.name.ident.originalName] = {
      stage,
      workgroupSize: workgroupSize(fn, ast.srcModule.src, context),
      bindings: Object.keys(buffers).filter((name) => used.has(name)),
    };
  }
  return entryPoints;
}

function stageOf(fn: FnElem): WgslEntryPoint['stage'] | undefined {
  if (attribute(fn, 'compute')) return 'compute';
  if (attribute(fn, 'vertex')) return 'vertex';
  return attribute(fn, 'fragment') ? 'fragment' : undefined;
}

function attribute(fn: FnElem, name: string): StandardAttribute | undefined {
  for (const { attribute: found } of fn.attributes ?? []) {
    if (found.kind === '@attribute' && found.name === name) return found;
  }
  return undefined;
}

function workgroupSize(fn: FnElem, code: string, context: TypeContext): (number | string)[] {
  const sizes = attribute(fn, 'workgroup_size')?.params;
  if (!sizes) return [];
  return [0, 1, 2].map((axis) => {
    const size = sizes[axis];
    if (!size) return 1;
    const value = scalar(evalConstExpr(size.expression, context));
    return typeof value === 'number' ? value : code.slice(size.start, size.end).trim();
  });
}

/** Names of the module-scope variables that a function uses, itself or through the functions it calls. */
function variablesUsedBy(entryPoint: FnElem, context: TypeContext): Set<string> {
  const variables = new Set<string>();
  const visited = new Set<FnElem>();
  const visit = (fn: FnElem): void => {
    if (visited.has(fn)) return;
    visited.add(fn);
    visitAst(fn, (elem) => {
      if (elem.kind !== 'ref') return;
      const decl = refDecl(elem.ident, context.bindings);
      if (decl?.declElem?.kind === 'fn') visit(decl.declElem);
      else if (decl?.declElem?.kind === 'gvar') variables.add(decl.originalName);
    });
  };
  visit(entryPoint);
  return variables;
}

function reflectOverrides(ast: WeslAST, context: TypeContext): { [name: string]: WgslOverride } {
  const overrides: { [name: string]: WgslOverride } = {};
  for (const override of declsOfKind(ast.moduleElem, 'override')) {
    const id = attributeValue(override, 'id', context);
    overrides[override.name.decl.ident.originalName] = {
      ...(id !== undefined && { id }),
      type: overrideType(override, context),
      default: declaredValue(override, context) ?? null,
    };
  }
  return overrides;
}

function overrideType(override: OverrideElem, context: TypeContext): WgslOverride['type'] {
  const type = typeName(typeOfDecl(override.name.decl.ident, context));
  return OVERRIDE_TYPES.find((known) => known === type) ?? 'f32';
}

const OVERRIDE_TYPES = ['u32', 'i32', 'f32', 'f16', 'bool'] as const;

function reflectStructs(ast: WeslAST, context: TypeContext): { [name: string]: WgslStruct } {
  const structs: { [name: string]: WgslStruct } = {};
  for (const { name } of declsOfKind(ast.moduleElem, 'struct')) {
    const type = typeOfDecl(name.ident, context);
    if (type.kind === 'struct') structs[name.ident.originalName] = structLayout(type, context);
  }
  return structs;
}

function reflectConstants(ast: WeslAST, context: TypeContext): { [name: string]: number | boolean } {
  const constants: { [name: string]: number | boolean } = {};
  for (const constant of declsOfKind(ast.moduleElem, 'const')) {
    const value = declaredValue(constant, context);
    if (value !== undefined) constants[constant.name.decl.ident.originalName] = value;
  }
  return constants;
}

/** The value of a declaration in its own type, if it is known without overrides. */
function declaredValue({ name, init }: ConstElem | OverrideElem, context: TypeContext): number | boolean | undefined {
  const value = init && evalConstExpr(init, context);
  return value ? scalar(convertValue(value, typeOfDecl(name.decl.ident, context))) : undefined;
}

function scalar(value: ConstValue | null | undefined): number | boolean | undefined {
  if (value?.kind !== 'scalar') return undefined;
  if (typeof value.value === 'boolean') return value.value;
  const number = Number(value.value);
  return value.type.scalar === 'f32' ? shortestF32(number) : number;
}

/** The shortest decimal that rounds to an f32: 0.001 for 0.0010000000474974513. */
function shortestF32(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}
