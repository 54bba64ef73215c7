// The native parts under the sanitizers of the compiler, in a real session.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Place, POLICY, runLeash } from '../fixtures/leash.ts';

const NATIVE = fileURLToPath(new URL('../../native/', import.meta.url));

let place: Place;
afterEach(() => place.remove());

describe('the warden with address and undefined-behaviour sanitizers', () => {
  let folder: string;
  beforeAll(() => {
    execFileSync('make', ['-s', '-C', NATIVE, 'asan'], { stdio: ['ignore', 'ignore', 'pipe'] });
    folder = mkdtempSync(path.join(tmpdir(), 'leash-asan-'));
    copyFileSync(path.join(NATIVE, 'build/leash-entry'), path.join(folder, 'leash-entry'));
    copyFileSync(path.join(NATIVE, 'build/asan/leash-warden'), path.join(folder, 'leash-warden'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => {
    place = new Place();
  });

  it('reports nothing over a busy script', async () => {
    place.write('forbidden.txt', 'secret');
    const script = `for i in 1 2 3 4 5 6 7 8 9 10; do mkdir -p d/$i; echo $i >d/$i/f; cp d/$i/f d/$i/g; mv d/$i/g d/$i/h; ln d/$i/h d/$i/i; ln -s h d/$i/j; cat d/$i/j /proc/self/status >/dev/null
      cat forbidden.txt; chmod 600 d/$i/h; touch -d 2020-01-01 d/$i/h; truncate -s 1 d/$i/h; mv d/$i d/x$i; rm -r d/x$i; (echo a | cat) & done; wait; mkfifo p; (echo b >p) & cat p >/dev/null; exit 0`;
    const { status, stderr } = await runLeash(place, {
      command: ['sh', '-c', script],
      policy: POLICY,
      env: { LEASH_NATIVE_DIR: folder },
    });
    expect(stderr).not.toMatch(/Sanitizer|runtime error/);
    expect(stderr.match(/Permission denied/g)).toHaveLength(10);
    expect(status).toBe(0);
  });
});
