// An event in; every field it has, by name and as text, out.
import type { EventEntry } from '../../../../src/schema/api.ts';

export type Field = readonly [name: string, value: string];

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function below(name: string, value: unknown): readonly Field[] {
  if (!isRecord(value)) return value === undefined ? [] : [[name, text(value)]];
  return Object.entries(value).flatMap(([key, inner]) => below(name === '' ? key : `${name}.${key}`, inner));
}

export function fieldsOf({ seq, event }: EventEntry): readonly Field[] {
  const { v: _version, time, ...rest } = event;
  const when = new Date(time);
  const moment = Number.isNaN(when.getTime()) ? String(time) : when.toISOString();
  return [['number', String(seq)], ['time', moment], ...below('', rest)];
}
