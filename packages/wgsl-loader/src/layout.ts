// Memory layout of WGSL types: sizes, alignments and offsets.
//
// https://www.w3.org/TR/WGSL/#memory-layouts. A runtime-sized array counts as
// one element, as it does for WebGPU's minimum binding size.

import { evalConstExpr, scalarToNumber, type StructMemberElem, type Type, type TypeContext } from 'wesl/core';
import type { WgslField, WgslStruct } from './module.js';

export interface Layout {
  readonly size: number;
  readonly align: number;
}

const SCALAR_BYTES = { bool: 4, i32: 4, u32: 4, f32: 4, f16: 2, 'abstract-int': 4, 'abstract-float': 4 } as const;

const SCALAR_SUFFIX = { bool: 'b', i32: 'i', u32: 'u', f32: 'f', f16: 'h', 'abstract-int': '', 'abstract-float': '' };

const roundUp = (multiple: number, value: number): number => Math.ceil(value / multiple) * multiple;

export function layoutOf(type: Type, context: TypeContext): Layout {
  switch (type.kind) {
    case 'scalar':
    case 'atomic': {
      const bytes = SCALAR_BYTES[type.kind === 'atomic' ? type.elem.scalar : type.scalar];
      return { size: bytes, align: bytes };
    }
    case 'vector':
      return vectorLayout(type.size, SCALAR_BYTES[type.elem.scalar]);
    case 'matrix': {
      const column = vectorLayout(type.rows, SCALAR_BYTES[type.elem.scalar]);
      return { size: column.align * type.cols, align: column.align };
    }
    case 'array': {
      const element = layoutOf(type.elem, context);
      return { size: (type.count ?? 1) * roundUp(element.align, element.size), align: element.align };
    }
    case 'struct':
      return structLayout(type, context);
    default:
      return { size: 0, align: 1 };
  }
}

function vectorLayout(length: 2 | 3 | 4, bytes: number): Layout {
  return { size: length * bytes, align: (length === 3 ? 4 : length) * bytes };
}

export function structLayout(type: Extract<Type, { kind: 'struct' }>, context: TypeContext): WgslStruct {
  const fields: { [name: string]: WgslField } = {};
  let end = 0;
  let structAlign = 1;
  for (const { name, type: memberType } of type.members) {
    const member = type.structElem?.members.find((elem) => elem.name.name === name);
    const natural = layoutOf(memberType, context);
    const align = attributeValue(member, 'align', context) ?? natural.align;
    const size = attributeValue(member, 'size', context) ?? natural.size;
    const offset = roundUp(align, end);
    fields[name] = { offset, size, type: typeName(memberType) };
    end = offset + size;
    structAlign = Math.max(structAlign, align);
  }
  return { size: roundUp(structAlign, end), align: structAlign, fields };
}

/** The value of an attribute like `@align(16)`, if the element has it. */
export function attributeValue(
  elem: Pick<StructMemberElem, 'attributes'> | undefined,
  name: string,
  context: TypeContext,
): number | undefined {
  for (const { attribute } of elem?.attributes ?? []) {
    if (attribute.kind !== '@attribute' || attribute.name !== name) continue;
    const parameter = attribute.params?.[0];
    const value = parameter && evalConstExpr(parameter.expression, context);
    return value ? scalarToNumber(value) : undefined;
  }
  return undefined;
}

/** A type as WGSL's short names write it: `vec4f`, `array<vec4f, 3>`. */
export function typeName(type: Type): string {
  switch (type.kind) {
    case 'scalar':
      return type.scalar;
    case 'vector':
      return `vec${type.size}${SCALAR_SUFFIX[type.elem.scalar]}`;
    case 'matrix':
      return `mat${type.cols}x${type.rows}${SCALAR_SUFFIX[type.elem.scalar]}`;
    case 'array':
      return `array<${typeName(type.elem)}${type.count === undefined ? '' : `, ${type.count}`}>`;
    case 'atomic':
      return `atomic<${type.elem.scalar}>`;
    case 'struct':
    case 'texture':
      return type.name;
    default:
      return type.kind;
  }
}
