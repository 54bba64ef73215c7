import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { DirectoryChanges } from '../../../src/journal/changes.ts';
import { temporaryFolder } from './sample-session.ts';

test('a change, an abort, a close and the poll each wake the waiter', async () => {
  const dir = temporaryFolder();
  const changes = new DirectoryChanges(dir);
  const controller = new AbortController();
  const written = changes.next(controller.signal);
  writeFileSync(path.join(dir, 'file'), '');
  await expect(written).resolves.toBeUndefined();
  const aborted = changes.next(controller.signal);
  controller.abort();
  await expect(aborted).resolves.toBeUndefined();
  await expect(changes.next(new AbortController().signal)).resolves.toBeUndefined();
  const closed = changes.next(new AbortController().signal);
  changes.close();
  await expect(closed).resolves.toBeUndefined();
});

test('a folder that cannot be watched is polled', async () => {
  const dir = temporaryFolder();
  rmSync(dir, { recursive: true });
  const changes = new DirectoryChanges(dir);
  await expect(changes.next(new AbortController().signal)).resolves.toBeUndefined();
  changes.close();
});
