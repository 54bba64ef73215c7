import { expect, test } from 'vitest';
import { readPublished, writePublished } from '../../../src/journal/published.ts';
import { temporaryFolder } from './sample-session.ts';

test('what was written last is read; nothing where nothing was', () => {
  const dir = temporaryFolder();
  expect(readPublished(dir)).toEqual([]);
  writePublished(dir, ['127.0.0.1:1:2']);
  writePublished(dir, ['127.0.0.1:1:2', '127.0.0.1:3:4']);
  expect(readPublished(dir)).toEqual(['127.0.0.1:1:2', '127.0.0.1:3:4']);
  writePublished(`${dir}/gone`, ['x']);
  expect(readPublished(`${dir}/gone`)).toEqual([]);
});
