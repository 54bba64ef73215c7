// Folders for Leash's own files, a umask and signals, as odd as machines have them in; a session, or one line that says why not, and nothing left out.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IDENTITIES, type LeashRequest, leashCommand, PERMISSIVE, Place } from '../fixtures/leash.ts';
import { remains } from '../fixtures/session-processes.ts';

let place: Place;
afterEach(() => {
  expect(remains(place)).toEqual([]);
  place.remove();
});

function run(request: LeashRequest) {
  const [program = '', ...args] = leashCommand(place, request);
  const env = { ...place.environment, ...request.env };
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: place.workspace, env, encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe.each(IDENTITIES)('as %s', (as) => {
  beforeEach(() => {
    place = new Place(as);
  });
  const started = ['touch', 'started'];

  it.each([
    ['077', 0o600],
    ['002', 0o664],
  ])('what the agent makes has the modes that the umask %s gives', (umask, mode) => {
    const by = ['sh', '-c', `umask ${umask}; exec "$@"`, 'sh'];
    expect(run({ by, policy: PERMISSIVE, command: started }).status).toBe(0);
    expect(statSync(path.join(place.workspace, 'started')).mode & 0o777).toBe(mode);
  });

  it.each([
    ['a device', { XDG_STATE_HOME: '/dev/null' }, 'JOURNAL_WRITE: cannot write to /dev/null/leash (ENOTDIR)'],
    [
      'where nothing can be made',
      { XDG_STATE_HOME: '/proc/x' },
      'JOURNAL_WRITE: cannot write to /proc/x/leash (ENOENT)',
    ],
    ['the root as home', { HOME: '/' }, 'WORKSPACE: the home is /, '],
  ])('%s: one line, and nothing is started', (_what, env, message) => {
    for (const args of [[], ['-d']]) {
      const { status, stderr } = run({ policy: PERMISSIVE, command: started, args, env });
      expect([status, stderr]).toEqual([125, expect.stringContaining(`leash: LEASH_${message}`)]);
    }
    expect(readdirSync(place.workspace)).toEqual([]);
  });

  it('a cache that cannot be made is none', () => {
    expect(run({ policy: PERMISSIVE, command: started, env: { XDG_CACHE_HOME: '/proc/x' } }).status).toBe(0);
  });

  it('a current directory that is gone', () => {
    const by = ['sh', '-c', 'mkdir gone; cd gone; rmdir ../gone; exec "$@"', 'sh'];
    const { status, stderr } = run({ by, command: started });
    expect([status, stderr]).toEqual([
      125,
      expect.stringContaining('leash: LEASH_WORKSPACE: the current directory does not exist any more'),
    ]);
    expect(readdirSync(place.workspace)).toEqual([]);
  });
});

describe.skipIf(process.getuid?.() !== 0)('a full disk', () => {
  beforeEach(() => {
    place = new Place(IDENTITIES[0]);
  });

  it.each([
    ['', 'JOURNAL_WRITE'],
    ['--review', 'REVIEW'],
    ['-d', 'JOURNAL_WRITE'],
  ])('is told of, and nothing is left on it: leash %s', (option, code) => {
    // In a mount namespace of its own: the disk is gone with the shell.
    const script = `mount -t tmpfs -o size=64k none "$XDG_STATE_HOME" && cd "$XDG_STATE_HOME" && mkdir -p -m 700 leash/sessions leash/changes
      cat /dev/zero >fill 2>/dev/null; cd - >/dev/null; "$@"; echo "status $?"; find "$XDG_STATE_HOME" -mindepth 3`;
    const by = ['unshare', '--mount', 'sh', '-c', script, 'sh'];
    const state = path.dirname(place.write(path.join(place.root, 'state/file'), ''));
    const args = option === '' ? [] : [option];
    const { stdout, stderr } = run({ by, args, policy: PERMISSIVE, command: ['true'], env: { XDG_STATE_HOME: state } });
    expect(stdout).toBe('status 125\n');
    expect(stderr).toMatch(new RegExp(`^leash: LEASH_${code}: .*\\(ENOSPC\\)\n`));
  });
});
