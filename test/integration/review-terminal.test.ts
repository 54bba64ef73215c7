// On a terminal the end of a session asks what to do with its changes; no answer keeps them.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IDENTITIES, leashCommand, PERMISSIVE, Place } from '../fixtures/leash.ts';

const DRIVER = fileURLToPath(new URL('../fixtures/terminal.py', import.meta.url));

type Step = readonly ['send' | 'expect', string];

describe.each(IDENTITIES)('at the end of a session on a terminal, as %s', (as) => {
  let place: Place;
  beforeEach(() => {
    place = new Place(as);
    place.write('a', 'old\n');
  });
  afterEach(() => place.remove());

  const answer = (...steps: readonly Step[]): void => {
    const command = ['sh', '-c', 'echo new >>a; printf "x\\033]0;evil\\007" >b'];
    const { stdout, stderr } = spawnSync(
      'python3',
      [DRIVER, ...leashCommand(place, { policy: PERMISSIVE, args: ['--review'], command })],
      {
        input: JSON.stringify([['expect', '2 changes: .*discard all .x. .k. '], ...steps]),
        cwd: place.workspace,
        env: { ...process.env, ...place.environment, NO_COLOR: undefined, CI: undefined, TERM: 'xterm-256color' },
        encoding: 'utf8',
        timeout: 50_000,
        killSignal: 'SIGKILL',
      },
    );
    expect(stderr).toBe('');
    expect(JSON.parse(stdout), stdout).toMatchObject({ failed: null, status: 0 });
  };
  const host = (name: string): string | undefined => {
    const file = path.join(place.workspace, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  };
  const waiting = (): number => readdirSync(path.join(place.home, '.local/state/leash/changes')).length;

  it('all are accepted', () => {
    answer(['send', 'a\r'], ['expect', '2 changes accepted']);
    expect([host('a'), host('b')?.length, waiting()]).toEqual(['old\nnew\n', 10, 0]);
  });

  it('after a look, which does not drive the terminal, some are', () => {
    answer(
      ['send', 'd\r'],
      ['expect', '\\+x\\\\u001b\\]0;evil\\\\u0007'],
      ['expect', 'discard all .x. .k. '],
      ['send', 'c\r'],
      ['expect', 'accept a. .y/N/q. '],
      ['send', 'y\r'],
      ['expect', 'accept b. .y/N/q. '],
      ['send', '\r'],
      ['expect', '1 change: '],
      ['send', 'x\r'],
      ['expect', '1 change discarded'],
    );
    expect([host('a'), host('b'), waiting()]).toEqual(['old\nnew\n', undefined, 0]);
  });

  it.each([
    ['no word', '\r'],
    ['another word', 'yes\r'],
    ['the end of input', '\x04'],
    ['an interrupt', '\x03'],
  ])('%s keeps them for later', (_what, keys) => {
    answer(['send', keys], ['expect', 'the changes are kept: leash diff']);
    expect([host('a'), host('b'), waiting()]).toEqual(['old\n', undefined, 1]);
  });
});
