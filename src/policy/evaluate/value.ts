// Cedar values: from a literal of the JSON policy format to something that can be compared.
import { type Ip, ipKey } from './ip.ts';

export interface Entity {
  readonly kind: 'entity';
  readonly type: string;
  readonly id: string;
}

export type Scalar =
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'long'; readonly value: bigint }
  | { readonly kind: 'string'; readonly value: string }
  /** Ten-thousandths. */
  | { readonly kind: 'decimal'; readonly value: bigint }
  /** Milliseconds since the Unix epoch. */
  | { readonly kind: 'datetime'; readonly value: bigint }
  /** Milliseconds. */
  | { readonly kind: 'duration'; readonly value: bigint }
  | Entity
  | Ip;

export type Value =
  | Scalar
  | { readonly kind: 'set'; readonly elements: readonly Value[] }
  | { readonly kind: 'record'; readonly fields: ReadonlyMap<string, Value> };

export const TRUE: Value = { kind: 'bool', value: true };
export const FALSE: Value = { kind: 'bool', value: false };

export function bool(value: boolean): Value {
  return value ? TRUE : FALSE;
}

export function text(value: string): Value {
  return { kind: 'string', value };
}

export function entity(type: string, id: string): Entity {
  return { kind: 'entity', type, id };
}

export function record(fields: Readonly<Record<string, Value>>): Value {
  return { kind: 'record', fields: new Map(Object.entries(fields)) };
}

/** Cedar integers are 64-bit; arithmetic that leaves the range is a runtime error (`undefined`). */
export function long(value: bigint): Value | undefined {
  return BigInt.asIntN(64, value) === value ? { kind: 'long', value } : undefined;
}

/** Map key of an entity: no type name holds a NUL. */
export function entityKey(type: string, id: string): string {
  return `${type}\0${id}`;
}

/** A string that two values share exactly when Cedar's `==` holds between them. */
export function valueKey(value: Value): string {
  switch (value.kind) {
    case 'entity':
      return `entity ${JSON.stringify([value.type, value.id])}`;
    case 'string':
      return `string ${JSON.stringify(value.value)}`;
    case 'ip':
      return `ip ${ipKey(value)}`;
    case 'set':
      return `{${[...new Set(value.elements.map(valueKey))].sort().join()}}`;
    case 'record':
      return `[${[...value.fields].map(([name, v]) => `${JSON.stringify(name)}:${valueKey(v)}`).sort()}]`;
    default:
      return `${value.kind} ${value.value}`;
  }
}

export function equal(a: Value, b: Value): boolean {
  if (a.kind !== b.kind) return false;
  if (a.kind === 'entity' && b.kind === 'entity') return a.id === b.id && a.type === b.type;
  if ('value' in a && 'value' in b) return a.value === b.value;
  return valueKey(a) === valueKey(b);
}
