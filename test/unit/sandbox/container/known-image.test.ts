// What became of an image in; whether the next session takes it for there, out.
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { KnownImage } from '../../../../src/sandbox/container/known-image.ts';

const engine = { name: 'podman', program: 'podman', options: [], env: {}, uid: 0, gid: 0, isElsewhere: false } as const;
let cache: string;
beforeEach(() => {
  cache = mkdtempSync(path.join(tmpdir(), 'leash-known-'));
});
afterEach(() => rmSync(cache, { recursive: true, force: true }));

test('an image is known once it was there, of its engine alone, until it is not', () => {
  const image = new KnownImage(engine, 'localhost/a/b:1', cache);
  expect(image.wasThere).toBe(false);
  image.note(true);
  image.note(true);
  expect(image.wasThere).toBe(true);
  expect(new KnownImage({ ...engine, name: 'docker' }, 'localhost/a/b:1', cache).wasThere).toBe(false);
  expect(new KnownImage(engine, 'localhost/a/b:2', cache).wasThere).toBe(false);
  expect(statSync(path.join(cache, 'images')).mode & 0o777).toBe(0o700);
  image.note(false);
  expect(image.wasThere).toBe(false);
});

test('where nothing can be kept, nothing is known', () => {
  writeFileSync(path.join(cache, 'images'), '');
  chmodSync(path.join(cache, 'images'), 0o400);
  const image = new KnownImage(engine, 'a', cache);
  image.note(true);
  image.note(false);
  expect(image.wasThere).toBe(false);
  const long = new KnownImage(engine, 'a'.repeat(500), cache);
  long.note(true);
  expect(long.wasThere).toBe(false);
});
