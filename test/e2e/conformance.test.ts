// Ten thousand system calls, each with one variant of its arguments, inside a sandbox that permits everything and in a
// bare one: what they answer and what they change is the same, but for what docs/transparency.md lists.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEVIATIONS, type Deviation } from '../fixtures/conformance-deviations.ts';
import { asIdentity, IDENTITIES, PERMISSIVE, Place, runLeash } from '../fixtures/leash.ts';

const SOURCES = fileURLToPath(new URL('../fixtures/conformance/', import.meta.url));
const DOCUMENT = fileURLToPath(new URL('../../docs/transparency.md', import.meta.url));

/**
 * The reference runs with bubblewrap's walls and nothing else: the kernel itself answers, and what a check does by mistake
 * stays within the place.
 */
function bareCommand(place: Place, folder: string): string[] {
  return [
    ...asIdentity(place.as),
    'bwrap',
    ...['--unshare-user', '--unshare-pid', '--unshare-net', '--unshare-ipc', '--cap-drop', 'ALL', '--die-with-parent'],
    ...['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', '--tmpfs', '/tmp'],
    ...['--bind', place.root, place.root, '--chdir', folder, './conformance'],
  ];
}

/** "LABEL = RESULT" for each line; labels are unique. */
function results(output: Buffer): Map<string, string> {
  const lines = output.toString('latin1').trimEnd().split('\n');
  const entries = lines.map((line): [string, string] => {
    const at = line.indexOf(' = ');
    expect(at, line).toBeGreaterThan(0);
    return [line.slice(0, at), line.slice(at + 3)];
  });
  const map = new Map(entries);
  expect(map.size).toBe(entries.length);
  return map;
}

function explains(deviation: Deviation, label: string, bare: string, leash: string): boolean {
  const { checks, bare: ofBare = /^/, leash: ofLeash = /^/ } = deviation;
  return checks.test(label) && ofBare.test(bare) && ofLeash.test(leash);
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'leash-conformance-'));
  const sources = readdirSync(SOURCES)
    .filter((name) => name.endsWith('.c'))
    .map((name) => path.join(SOURCES, name));
  // Null pointers and cut paths are what is tried here.
  const flags = [
    '-std=gnu11',
    '-O1',
    '-Wall',
    '-Wextra',
    '-Werror',
    '-Wno-nonnull',
    '-Wno-format-truncation',
    '-pthread',
  ];
  execFileSync('cc', [...flags, '-static', '-o', path.join(folder, 'conformance'), ...sources], { stdio: 'pipe' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(IDENTITIES)('as %s', (as) => {
  it('system calls answer and change what they do without Leash', { timeout: 300_000 }, async () => {
    const place = new Place(as);
    try {
      const program = readFileSync(path.join(folder, 'conformance'));
      const at = (name: string): string => {
        place.write(`${name}/conformance`, program, 0o755);
        return path.join(place.workspace, name);
      };
      const [command = '', ...args] = bareCommand(place, at('bare'));
      const bare = results(execFileSync(command, args, { env: place.environment, maxBuffer: 1 << 26 }));
      const inside = await runLeash(place, {
        policy: PERMISSIVE,
        workspace: at('leash'),
        command: ['./conformance'],
        journal: false,
      });
      expect(inside.status).toBe(0);
      const leash = results(inside.stdout);
      expect([...leash.keys()]).toEqual([...bare.keys()]);
      expect(bare.size).toBeGreaterThan(9_000);
      const differences = [...bare].flatMap(([label, result]) => {
        const got = leash.get(label) ?? '';
        const isKnown = got === result || DEVIATIONS.some((each) => explains(each, label, result, got));
        return isKnown ? [] : [`${label}: ${result}, inside: ${got}`];
      });
      expect(differences).toEqual([]);
    } finally {
      for (const name of ['bare', 'leash']) unlock(path.join(place.workspace, name, 'tree'));
      place.remove();
    }
  });
});

/** A folder without rights keeps an ordinary user from removing the place. */
function unlock(tree: string): void {
  for (const name of ['locked', 'fixed']) {
    try {
      chmodSync(path.join(tree, name), 0o700);
    } catch {
      mkdirSync(tree, { recursive: true }); // the driver did not come that far
    }
  }
}

it('docs/transparency.md lists every deviation', () => {
  const document = readFileSync(DOCUMENT, 'utf8').replaceAll(/\s+/g, ' ');
  expect(DEVIATIONS.map(({ what }) => what).filter((what) => !document.includes(what))).toEqual([]);
});
