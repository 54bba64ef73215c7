import { expect, test } from 'vitest';
import { type CopyPlace, copyPlace } from '../../../src/sandbox/copies.ts';
import type { Access } from '../../../src/sandbox/volume.ts';

const volume = (place: string, access: Access) => ({ place, access });

test.each<[string, readonly ReturnType<typeof volume>[], CopyPlace]>([
  ['/h/.claude/login', [], 'private'],
  ['/tmp/c/login', [], 'private'],
  ['/srv/c/login', [], 'cover'],
  ['/home-of/login', [], 'cover'],
  ['/srv/c/login', [volume('/srv/c', 'review')], 'aside'],
  ['/h/.claude/login', [volume('/h/.claude', 'review')], 'aside'],
  // Not right in the place: its folder may be anything in the overlay.
  ['/srv/c/deep/login', [volume('/srv/c', 'review')], 'none'],
  ['/srv/c/login', [volume('/srv/c', 'read-write')], 'none'],
  ['/h/.claude/login', [volume('/h', 'read-only')], 'none'],
  ['/srv/c/login', [volume('/srv', 'read-write'), volume('/srv/c', 'review')], 'aside'],
])('%s with %j: %s', (file, shown, expected) => expect(copyPlace(file, shown, '/h')).toBe(expected));
