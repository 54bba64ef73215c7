// The layouts in src/engine against what the C compiler says of native/include/wire.h.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import {
  FAULT,
  FLAG,
  LAYOUT,
  MAX_PAYLOAD,
  OPERATION,
  RUN,
  WIRE_MODE,
  WIRE_TYPE,
  WIRE_VERSION,
  WIRE_WORD,
} from '../../../src/engine/wire-layout.ts';
import { FILE_ACTIONS } from '../../../src/schema/request.ts';

const native = fileURLToPath(new URL('../../../native', import.meta.url));
let layout: Record<string, Record<string, number>>;
let constants: Record<string, number>;

beforeAll(() => {
  execFileSync('make', ['-s', '-C', native, 'build/test/layout']);
  layout = JSON.parse(execFileSync(`${native}/build/test/layout`, { encoding: 'utf8' })) as typeof layout;
  constants = layout['constants'] ?? {};
});

test.each(Object.keys(LAYOUT))('%s has the same size and offsets in C', (name) => {
  const here = LAYOUT[name as keyof typeof LAYOUT] as Record<string, number>;
  expect(layout[name]).toEqual(here);
});

test('every struct of the header is known here', () => {
  expect(Object.keys(layout).sort()).toEqual([...Object.keys(LAYOUT), 'constants'].sort());
});

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

test('version, types, operations, flags, faults and modes are the same numbers', () => {
  const here = {
    version: WIRE_VERSION,
    WIRE_MAX_PAYLOAD: MAX_PAYLOAD,
    ...Object.fromEntries(Object.entries(WIRE_TYPE).map(([name, value]) => [`WIRE_${snake(name)}`, value])),
    ...Object.fromEntries(Object.entries(OPERATION).map(([name, value]) => [`WIRE_OP_${snake(name)}`, value])),
    ...Object.fromEntries(Object.entries(FLAG).map(([name, value]) => [`WIRE_FLAG_${snake(name)}`, value])),
    ...Object.fromEntries(Object.entries(FAULT).map(([name, value]) => [`WIRE_FAULT_${snake(name)}`, value])),
    ...Object.fromEntries(Object.entries(WIRE_WORD).map(([name, value]) => [`WIRE_${snake(name)}`, value])),
    ...Object.fromEntries(Object.entries(RUN).map(([name, value]) => [`WIRE_RUN_${snake(name)}`, value])),
    ...Object.fromEntries(Object.entries(WIRE_MODE).map(([name, value]) => [`WIRE_${snake(name)}`, value])),
  };
  const names = ['READ', 'WRITE', 'CREATE', 'DELETE', 'RENAME', 'LINK', 'SETATTR'];
  const actions = Object.fromEntries(names.map((name, index) => [`WIRE_${name}`, 1 << index]));
  expect(constants).toEqual({ ...here, ...actions });
  expect(FILE_ACTIONS).toHaveLength(names.length);
});
