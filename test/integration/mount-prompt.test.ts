// On a terminal a person is asked once whether an agent sees its own settings; the answer is remembered, and the terminal is the agent's afterwards.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IDENTITIES, leashCommand, PERMISSIVE, Place, runLeash, sessionsOf } from '../fixtures/leash.ts';

const DRIVER = fileURLToPath(new URL('../fixtures/terminal.py', import.meta.url));
const QUESTION = 'Show them to the agent\\?';
const CTRL_C = '\x03';
const LINE = 'a line\n';

type Step = readonly ['send' | 'expect', string] | readonly ['resize', number, number];

interface Shown {
  readonly text: string;
  readonly status: number;
  readonly failed: string | null;
}

describe.each(IDENTITIES)('the question about settings, as %s', (as) => {
  let place: Place;
  let bin: string;
  beforeEach(() => {
    place = new Place(as);
    place.write(path.join(place.home, '.claude/settings.json'), '{}');
    // An agent of this name, outside of the workspace.
    bin = path.join(place.home, 'bin');
    place.write(
      path.join(bin, 'claude'),
      '#!/bin/sh\necho runs\n[ -z "$READS" ] || { read line; echo "got $line"; }\n',
      0o755,
    );
  });
  afterEach(() => place.remove());

  const remembered = (): string | undefined => {
    const file = path.join(place.home, '.config/leash/config.toml');
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  };
  const run = (
    steps: readonly Step[],
    env: Readonly<Record<string, string>> = {},
    args: readonly string[] = [],
    agent = 'claude',
  ): Shown => {
    const { PATH = '', ...environment } = place.environment;
    const { stdout, stderr } = spawnSync(
      'python3',
      [DRIVER, ...leashCommand(place, { policy: PERMISSIVE, command: [agent], args })],
      {
        input: JSON.stringify([['resize', 24, 100], ...steps]),
        cwd: place.workspace,
        env: {
          ...environment,
          PATH: `${bin}:${PATH}`,
          TERM: 'xterm-256color',
          NO_COLOR: '1',
          READS: steps.some(([, text]) => text === LINE) ? '1' : '',
          ...env,
        },
        encoding: 'utf8',
        timeout: 50_000,
        killSignal: 'SIGKILL',
      },
    );
    expect(stderr).toBe('');
    return JSON.parse(stdout) as Shown;
  };
  const RUNS: readonly Step[] = [
    ['expect', '^runs'],
    ['send', LINE],
    ['expect', 'got a line'],
  ];

  it('never: remembered, not asked again, and what is typed afterwards is the agent’s', () => {
    const first = run([['expect', QUESTION], ['expect', 'n never'], ['send', '\x1b[B\r'], ...RUNS]);
    expect(first).toMatchObject({ failed: null, status: 0 });
    expect(remembered()).toBe('[volumes]\nclaude = false\n');
    const second = run(RUNS);
    expect(second).toMatchObject({ failed: null, status: 0 });
    expect(second.text).not.toMatch(QUESTION);
  });

  it.each([
    ['always', '1', () => '[volumes]\nclaude = true\n'],
    ['this project', '2', () => `[projects."${place.workspace}"]\nclaude = true\n`],
  ])('%s: remembered, and not asked again', (_what, key, expected) => {
    expect(
      run([
        ['expect', 'n never'],
        ['send', key],
      ]).failed,
    ).toBeNull();
    expect(remembered()).toBe(expected());
    expect(run([]).text).not.toMatch(QUESTION);
  });

  it('what is shown is a copy without logins: the host keeps its settings, and the agent never sees a token', async () => {
    const settings = path.join(place.home, '.claude/settings.json');
    place.write(path.join(place.home, '.claude/.credentials.json'), 'the secret');
    place.write(path.join(place.home, '.config/leash/config.toml'), '[volumes]\nclaude = true\n', 0o600);
    const script = `#!/bin/sh
      cd ~/.claude; cat settings.json; echo hook >settings.json; cat settings.json
      cat .credentials.json; mv .credentials.json x; cat x; cp -r . ../copy; cat ../copy/.credentials.json; echo end\n`;
    place.write(path.join(bin, 'claude'), script, 0o755);
    const { status, stdout } = await runLeash(place, {
      policy: PERMISSIVE,
      command: ['claude'],
      env: { PATH: `${bin}:${place.environment['PATH']}` },
    });
    expect([status, stdout.toString()]).toEqual([0, '{}hook\nend\n']);
    expect(readFileSync(settings, 'utf8')).toBe('{}');
    expect(readFileSync(path.join(place.home, '.claude/.credentials.json'), 'utf8')).toBe('the secret');
  });

  it('an agent of one’s own: asked once, remembered beside what describes it', () => {
    const agent = '[agents.mine]\ncommand = "claude"\nconfig_dirs = ["~/.mine"]\n';
    const file = place.write(path.join(place.home, '.config/leash/config.toml'), agent, 0o600);
    place.write(path.join(place.home, '.mine/settings.json'), '{}');
    const asked: readonly Step[] = [
      ['expect', 'mine keeps its settings in ~/.mine'],
      ['expect', 'n never'],
      ['send', '1'],
    ];
    expect(run([...asked, ...RUNS], {}, [], 'mine')).toMatchObject({ failed: null, status: 0 });
    expect(readFileSync(file, 'utf8')).toBe(`${agent}\n[volumes]\nmine = true\n`);
    const second = run(RUNS, {}, [], 'mine');
    expect(second).toMatchObject({ failed: null, status: 0 });
    expect(second.text).not.toMatch(QUESTION);
  });

  it('once: nothing is remembered', () => {
    expect(
      run([
        ['expect', 'n never'],
        ['send', '\r'],
      ]).failed,
    ).toBeNull();
    expect(remembered()).toBeUndefined();
  });

  it('not now: nothing is mounted or remembered, and it is asked again', () => {
    for (const _time of [1, 2])
      expect(run([['expect', QUESTION], ['expect', 'n never'], ['send', '\x1b'], ...RUNS])).toMatchObject({
        failed: null,
        status: 0,
      });
    expect(remembered()).toBeUndefined();
  });

  it.each([['xterm'], ['dumb']])('Ctrl-C ends it with 130, nothing started, on a terminal of the kind %s', (TERM) => {
    const shown = run(
      [
        ['expect', 'n never'],
        ['send', CTRL_C],
      ],
      { TERM },
    );
    expect(shown).toMatchObject({ failed: null, status: 130 });
    expect(sessionsOf(place)).toEqual([]);
    expect(remembered()).toBeUndefined();
  });

  it.each([
    ['dumb', [24, 100]],
    ['xterm', [1, 1]],
    ['xterm', [0, 0]],
  ])('lines are typed where nothing can be drawn: %s, %j', (TERM, [rows = 0, columns = 0]) => {
    const steps: Step[] = [
      ['resize', rows, columns],
      ['expect', 'n never'],
      ['send', 'what?\n'],
      ['expect', 'n never'],
      ['send', '4\n'],
      ...RUNS,
    ];
    expect(run(steps, { TERM })).toMatchObject({ failed: null, status: 0 });
    expect(remembered()).toBe('[volumes]\nclaude = false\n');
  });

  it.each([
    ['-I', {}, ['-I']],
    ['CI', { CI: 'true' }, []],
    ['--quiet', {}, ['--quiet']],
  ])('nothing is asked with %s', (_what, env, args) => {
    const shown = run(RUNS, env, args);
    expect(shown).toMatchObject({ failed: null, status: 0 });
    expect(shown.text).not.toMatch(QUESTION);
  });

  it('nothing is asked without a terminal', async () => {
    const { status, stderr } = await runLeash(place, {
      policy: PERMISSIVE,
      command: ['claude'],
      env: { PATH: `${bin}:${place.environment['PATH']}` },
      input: 'x\n',
    });
    expect([status, stderr.match(QUESTION)]).toEqual([0, null]);
  });

  it('what cannot be remembered holds for this run, and that is said', () => {
    place.write(path.join(place.home, '.config'), 'in the way');
    const shown = run([['expect', 'n never'], ['send', '4'], ...RUNS]);
    expect(shown).toMatchObject({ failed: null, status: 0 });
    expect(shown.text).toContain('your answer holds for this run only');
  });
});
