// Every field of an event is told, however deep it lies.
import { expect, test } from 'vitest';
import { fieldsOf } from '../../../../../ui/src/screens/live/fields.ts';
import { entry } from './entries.ts';

test('fields in order, lists as JSON', () => {
  expect(fieldsOf(entry(3, { detail: { port: 443, argv: ['a', 'b'] }, policies: [] }))).toEqual([
    ['number', '3'],
    ['time', '1970-01-01T00:00:00.300Z'],
    ['who.pid', '2'],
    ['who.parent', '1'],
    ['who.exe', '/bin/sh'],
    ['action', 'FileOpenReadOnly'],
    ['resource.type', 'path'],
    ['resource.path', '/w/3'],
    ['effect', 'allow'],
    ['enforced', 'true'],
    ['policies', '[]'],
    ['epoch', '1'],
    ['detail.port', '443'],
    ['detail.argv', '["a","b"]'],
  ]);
  expect(fieldsOf(entry(1, { time: Number.POSITIVE_INFINITY }))[1]).toEqual(['time', 'Infinity']);
});
