// The user's terminal is the agent's own: size, raw mode, colours and job control go through, and everything is restored afterwards.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IDENTITIES, leashCommand, PERMISSIVE, Place } from '../fixtures/leash.ts';

const DRIVER = fileURLToPath(new URL('../fixtures/terminal.py', import.meta.url));
const CTRL_C = '\x03';
const CTRL_Z = '\x1a';
const CTRL_BACKSLASH = '\x1c';
const PROMPT = 'READY> ';

type Step =
  | readonly ['send' | 'expect', string]
  | readonly ['insist', string, string]
  | readonly ['resize', number, number]
  | readonly ['settings'];

interface Shown {
  readonly text: string;
  readonly status: number;
  /** The expectation that was not met. */
  readonly failed: string | null;
}

describe.each(IDENTITIES)('on a terminal, as %s', (as) => {
  let place: Place;
  beforeEach(() => {
    place = new Place(as);
  });
  afterEach(() => place.remove());

  const drive = (command: readonly string[], steps: readonly Step[]): Shown => {
    const { stdout, stderr } = spawnSync('python3', [DRIVER, ...command], {
      input: JSON.stringify(steps),
      cwd: place.workspace,
      env: {
        ...process.env,
        ...place.environment,
        NO_COLOR: undefined,
        CI: undefined,
        TERM: 'xterm-256color',
        PS1: 'READY> ',
      },
      encoding: 'utf8',
      timeout: 50_000,
      killSignal: 'SIGKILL',
    });
    expect(stderr).toBe('');
    return JSON.parse(stdout) as Shown;
  };
  const onTerminal = (command: readonly string[], steps: readonly Step[]): Shown =>
    drive(leashCommand(place, { policy: PERMISSIVE, command }), steps);
  const bash = ['bash', '--norc', '--noprofile', '--noediting', '-i'];

  it('a program sees a terminal, its size, and each change of the size', () => {
    const program = `
      const out = process.stdout;
      console.log([0, 1, 2].map((fd) => require('node:tty').isatty(fd)).join());
      out.on('resize', () => console.log('size ' + out.rows + ' ' + out.columns));
      setInterval(() => undefined, 1000);`;
    const shown = onTerminal(
      [process.execPath, '-e', program],
      [
        ['expect', '^true,true,true'],
        ['resize', 33, 101],
        ['expect', '^size 33 101'],
        ['send', CTRL_C],
      ],
    );
    expect(shown).toMatchObject({ failed: null, status: 130 });
  });

  it('raw mode and colours go through, and the terminal is restored', () => {
    const program = `
      process.stdin.setRawMode(true);
      process.stdout.write('depth ' + process.stdout.getColorDepth() + '\\n\\x1b[31mred\\x1b[0m\\n');
      process.stdin.on('data', (key) => { console.log('key ' + key[0]); if (String(key) === 'q') process.kill(process.pid, 'SIGKILL'); });`;
    const wrapper = ['sh', '-c', '"$@"; echo "status $?"; stty -a | grep -oE -- "-?(icanon|echo|isig)\\b"', 'sh'];
    const shown = drive(
      [...wrapper, ...leashCommand(place, { policy: PERMISSIVE, command: [process.execPath, '-e', program] })],
      [
        ['expect', '^depth 8'],
        ['expect', '\\x1b\\[31mred\\x1b\\[0m'],
        ['send', CTRL_C],
        ['expect', '^key 3\\r?$'],
        ['send', CTRL_Z],
        ['expect', '^key 26\\r?$'],
        ['send', 'q'],
        ['expect', '^status 137'],
        ['expect', '^isig\\s+icanon\\s+echo'],
      ],
    );
    expect(shown).toMatchObject({ failed: null, status: 0 });
  });

  it('a terminal that the agent made exclusive can be opened again', () => {
    // TIOCEXCL and TIOCGEXCL, ioctl_tty(2)
    const close = ['perl', '-e', 'ioctl(STDIN, 0x540C, 0)'];
    const state = `python3 -c 'import fcntl; print("exclusive", fcntl.ioctl(0, 0x80045440, bytes(4))[0])'`;
    const wrapper = ['sh', '-c', `"$@"; ${state}; perl -e '${close[2]}'; ${state}`, 'sh'];
    const shown = drive(
      [...wrapper, ...leashCommand(place, { policy: PERMISSIVE, command: close })],
      [
        ['expect', '^exclusive 0'],
        ['expect', '^exclusive 1'],
      ],
    );
    expect(shown).toMatchObject({ failed: null, status: 0 });
  });

  it('a shell has job control', () => {
    const shown = onTerminal(bash, [
      ['expect', PROMPT],
      ['send', 'sleep 100 &\n'],
      ['expect', '^\\[1\\] \\d+'],
      ['expect', PROMPT],
      ['send', 'jobs\n'],
      ['expect', 'Running +sleep 100'],
      ['expect', PROMPT],
      ['send', 'fg\n'],
      ['expect', '^sleep 100'],
      ['insist', CTRL_Z, 'Stopped +sleep 100'],
      ['expect', PROMPT],
      ['send', 'bg; fg\n'],
      ['expect', '^sleep 100\\r?$'],
      ['insist', CTRL_C, PROMPT],
      ['send', 'echo "status $?"\n'],
      ['expect', '^status 130'],
      ['send', 'exit 7\n'],
    ]);
    expect(shown).toMatchObject({ failed: null, status: 7 });
  });

  it('the interrupt key reaches the program in the foreground once, and leash lives on', () => {
    const shown = onTerminal(
      ['bash', '-c', 'trap "echo interrupted" INT; echo go; sleep 0.3; sleep 0.3; sleep 0.3; echo end'],
      [
        ['expect', '^go'],
        ['send', CTRL_C],
        ['expect', '^.*end'],
      ],
    );
    expect(shown).toMatchObject({ failed: null, status: 0 });
    expect(shown.text.match(/interrupted/g)).toHaveLength(1);
  });

  it('the quit key ends a program as it would without leash', () => {
    const shown = onTerminal(
      ['sh', '-c', 'echo go; exec sleep 100'],
      [
        ['expect', '^go'],
        ['send', CTRL_BACKSLASH],
      ],
    );
    expect(shown).toMatchObject({ failed: null, status: 131 });
  });

  it('leash itself can be stopped and continued by the shell it was started from', () => {
    const command = leashCommand(place, { policy: PERMISSIVE, command: ['sh', '-c', 'echo go; sleep 1; echo end'] });
    const line = command.map((word) => `'${word}'`).join(' ');
    const shown = drive(bash, [
      ['expect', PROMPT],
      ['send', `${line}\n`],
      ['expect', '^go'],
      ['send', CTRL_Z],
      ['expect', 'Stopped'],
      ['send', 'fg\n'],
      ['expect', '^end'],
      ['expect', PROMPT],
      ['send', 'exit 3\n'],
    ]);
    expect(shown).toMatchObject({ failed: null, status: 3 });
  });
});
