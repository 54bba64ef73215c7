import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { locatedVolume } from '../../../src/cli/volume-place.ts';

test('a source is where its links lead; so is a place that is not said', () => {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'leash-volume-')));
  onTestFinished(() => rmSync(root, { recursive: true }));
  symlinkSync(root, path.join(root, 'link'));
  const asked = { source: path.join(root, 'link/'), access: 'review' as const };
  expect(locatedVolume({ ...asked, place: undefined })).toEqual({ source: root, place: root, access: 'review' });
  expect(locatedVolume({ ...asked, place: '/x/../y/' })).toMatchObject({ source: root, place: '/y' });
  expect(() => locatedVolume({ ...asked, source: path.join(root, 'none'), place: undefined })).toThrow(
    /does not exist/,
  );
});
