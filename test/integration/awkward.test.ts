// Names, words, streams and terminals as awkward as users have them in; a session that works, or one line that says why not, out.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IDENTITIES, type LeashRequest, leashCommand, PERMISSIVE, Place, runLeash } from '../fixtures/leash.ts';
import { remains } from '../fixtures/session-processes.ts';

const DRIVER = fileURLToPath(new URL('../fixtures/terminal.py', import.meta.url));
/** What shells, TOML, Cedar and paths each give a meaning to. */
const NAMES = [
  'a b  c',
  `it's "q" $HOME \`id\` \\n`,
  'ünï 🦊 日本',
  '-rf',
  '* ? [x] {a,b} ;&|',
  'new\nline',
  '%2e%2e',
  '#=,:',
];
/** Most bytes of a word of execve(2), its end among them: MAX_ARG_STRLEN. */
const WORD_MAX = 131_072;
/** For words and environment together: a quarter of the stack. */
const STACK_BYTES = 8 << 20;

let place: Place;
afterEach(() => place.remove());

describe.each(IDENTITIES)('as %s', (as) => {
  beforeEach(() => {
    place = new Place(as);
  });
  const run = (command: readonly string[], more: Partial<LeashRequest> = {}) =>
    runLeash(place, { policy: PERMISSIVE, command, ...more });

  it('a workspace, a program, its words, a file and a policy of any name', async () => {
    for (const name of NAMES) {
      const workspace = path.join(place.root, name);
      mkdirSync(workspace);
      place.own(workspace);
      place.write(
        path.join(workspace, name, 'tool'),
        '#!/bin/sh\npwd; printf "%s|" "$@"; cat "$1" >"$1.copy"\n',
        0o755,
      );
      place.write(path.join(workspace, name, name), 'content');
      const policy = `${PERMISSIVE} @id("no-copies") forbid(principal, action == Action::"FileCreate", resource) when { resource.name like "*.copy" };`;
      // A comma separates two policies.
      const file = place.write(path.join(place.root, `${name.replaceAll(',', '')}.cedar`), policy);
      const words = [path.join(name, name), '', 'x y', '*', '$(id)', '--', '"'].map((word) =>
        word.replace(/^-/, './-'),
      );
      const { status, stdout, stderr, events } = await runLeash(place, {
        workspace,
        args: ['--policy', file],
        command: [`./${name}/tool`, ...words],
      });
      expect(stdout.toString(), stderr).toBe(`${workspace}\n${words.join('|')}|`);
      expect(status).not.toBe(0);
      const denied = events
        .filter(({ effect }) => effect === 'deny')
        .map(({ resource, policies }) => [resource, policies]);
      expect(denied).toEqual([[{ type: 'path', path: path.join(workspace, name, `${name}.copy`) }, ['no-copies']]]);
    }
  });

  it('volumes, variables and settings of such names', async () => {
    const outside = place.write(path.join(place.root, `o'ut "ü"/file`), 'shown');
    const folder = path.dirname(outside);
    place.write(
      path.join(place.home, '.config/leash/config.toml'),
      `[leash.envvars]\nA = ${JSON.stringify(NAMES.join(''))}\n[volumes]\n${JSON.stringify(folder)} = ${JSON.stringify(`/tmp/in 'ü'`)}\n`,
      0o600,
    );
    const script = `cat "/tmp/in 'ü'/file"; echo x >"/tmp/in 'ü'/n e w"; printf %s "$A"; printf %s "$B"`;
    const { stdout, stderr } = await run(['sh', '-c', script], { args: ['-e', `B=${NAMES.join('=')}`] });
    expect(stdout.toString(), stderr).toBe(`shown${NAMES.join('')}${NAMES.join('=')}`);
    expect(readFileSync(path.join(folder, 'n e w'), 'utf8')).toBe('x\n');
  });

  it('a workspace whose name is not UTF-8 is refused, and that is said', () => {
    const script = 'd="$(printf "bad\\377")"; mkdir "$d"; cd "$d"; shift; exec "$@"';
    const command = leashCommand(place, {
      by: ['sh', '-c', script, 'sh', ''],
      policy: PERMISSIVE,
      command: ['touch', 'started'],
    });
    const { status, stderr } = spawnSync(command[0] ?? '', command.slice(1), {
      cwd: place.workspace,
      env: place.environment,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([
      125,
      expect.stringMatching(/^leash: LEASH_WORKSPACE: .* has a name that is not UTF-8\n/),
    ]);
  });

  it('words as long as the kernel takes, and one line for more than it takes together', async () => {
    const long = 'x'.repeat(WORD_MAX - 1);
    const sound = await run(['sh', '-c', 'printf %s "$1" | wc -c', 'sh', long]);
    expect([sound.status, sound.stdout.toString()]).toEqual([0, `${long.length}\n`]);
    const by = ['prlimit', `--stack=${STACK_BYTES}:${STACK_BYTES}`];
    // Little enough for `leash` itself to start.
    const many = Array.from({ length: 16 }, () => 'y'.repeat((STACK_BYTES / 4 - 8_000) / 16));
    const { status, stdout, stderr } = await run(['touch', 'started', ...many], { by });
    expect([status, stdout.toString()]).toEqual([126, '']);
    expect(stderr).toMatch(
      /^leash: LEASH_COMMAND_NOT_EXECUTABLE: the command and its environment, with what Leash adds, are \d+ bytes/,
    );
    expect(stderr.length).toBeLessThan(500);
    expect(existsSync(path.join(place.workspace, 'started'))).toBe(false);
    expect(remains(place)).toEqual([]);
  });

  it.each([
    ['/dev/null', '</dev/null', 'end\n'],
    ['no standard input', '<&-', 'end\n'],
    ['no standard output', '>&-', ''],
    ['no standard error', '2>&-', 'end\n'],
    ['no terminal to control', '</dev/null', 'end\n', 'setsid -w'],
  ])('%s', async (_what, streams, expected, starter = '') => {
    const by = ['sh', '-c', `exec ${starter} "$@" ${streams}`, 'sh'];
    const { status, stdout, stderr } = await run(['sh', '-c', 'cat; echo end; echo >ran; exit 3'], { by });
    expect([status, stdout.toString()], stderr).toEqual([3, expected]);
    expect(existsSync(path.join(place.workspace, 'ran'))).toBe(true);
  });

  it.each([
    [1, 1],
    [0, 0],
    [1, 65_535],
  ])('a terminal of %d lines and %d columns', (rows, columns) => {
    const command = leashCommand(place, {
      policy: PERMISSIVE,
      command: ['sh', '-c', 'read x; stty size; echo "$x"; exit 4'],
    });
    const steps = [
      ['resize', rows, columns],
      ['send', 'typed\n'],
      ['expect', `${rows} ${columns}\\s+typed`],
    ];
    const { stdout } = spawnSync('python3', [DRIVER, ...command], {
      input: JSON.stringify(steps),
      cwd: place.workspace,
      env: { ...place.environment, TERM: 'xterm' },
      encoding: 'utf8',
    });
    expect(JSON.parse(stdout)).toMatchObject({ status: 4, failed: null });
  });

  it('where user namespaces are refused, the line says by what', () => {
    const script = 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"';
    const by = ['unshare', '-Ur', 'sh', '-c', script, 'sh'];
    const command = leashCommand(place, { by, policy: PERMISSIVE, command: ['touch', 'started'] });
    const { status, stderr } = spawnSync(command[0] ?? '', command.slice(1), {
      cwd: place.workspace,
      env: place.environment,
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(125);
    expect(stderr).toMatch(
      /^leash: LEASH_SANDBOX_START: .* user namespaces are restricted here: user\.max_user_namespaces is 0$/m,
    );
    expect(existsSync(path.join(place.workspace, 'started'))).toBe(false);
  });
});
