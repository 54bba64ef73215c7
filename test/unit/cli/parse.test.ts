import { expect, test } from 'vitest';
import { eventsCommand } from '../../../src/cli/commands/events.command.ts';
import { runCommand } from '../../../src/cli/commands/run.command.ts';
import { parse } from '../../../src/cli/parse.ts';

function usage(message: string | RegExp): unknown {
  return expect.objectContaining({ code: 'LEASH_USAGE', message: expect.stringMatching(message) });
}

test.each([[['claude']], [['--', 'claude']]])('%j runs claude', (args) => {
  expect(parse(runCommand, args)).toEqual({ flags: new Set(), values: new Map(), words: ['claude'] });
});

test('the first word ends the options: what follows belongs to the agent, even what Leash knows', () => {
  const { flags, words } = parse(runCommand, ['-q', 'claude', '--help', '--polcy', '--', '-q', '--mode', 'nonsense']);
  expect(flags).toEqual(new Set(['quiet']));
  expect(words).toEqual(['claude', '--help', '--polcy', '--', '-q', '--mode', 'nonsense']);
});

test('only the first -- is for Leash', () => {
  expect(parse(runCommand, ['--', '--', '-x']).words).toEqual(['--', '-x']);
  expect(parse(runCommand, ['--']).words).toEqual([]);
});

test('a word of the agent may be empty or hold anything', () => {
  const words = ['sh', '-c', '', 'a b', '\n', '🙂', '--x=y'];
  expect(parse(runCommand, words).words).toEqual(words);
});

test('values: apart, after =, short, joined to the short one, empty, with = inside, beginning with a dash', () => {
  const args = [
    '--policy',
    'p.cedar',
    '-C',
    '/w',
    '--mode=shadow',
    '-eA=1',
    '-e',
    'B=',
    '--env=C=x=y',
    '--env=-D',
    '--ca=',
    'x',
  ];
  expect(parse(runCommand, args)).toEqual({
    flags: new Set(),
    values: new Map([
      ['policy', ['p.cedar']],
      ['workspace', ['/w']],
      ['mode', ['shadow']],
      ['env', ['A=1', 'B=', 'C=x=y', '-D']],
      ['ca', ['']],
    ]),
    words: ['x'],
  });
});

test.each([
  [['--polcy', 'p', 'x'], /^unknown option --polcy; did you mean --policy\?$/],
  [['--zzzzzz', 'x'], /^unknown option --zzzzzz$/],
  [['-z', 'x'], /^unknown option -z$/],
  [['-qz', 'x'], /^unknown option -z$/],
  [['--constructor', 'x'], /^unknown option --constructor$/],
  [['--no-quiet', 'x'], /^unknown option --no-quiet/],
  [['--policy'], /^--policy needs a value: --policy LIST$/],
  [['-C'], /^-C needs a value: -C DIR$/],
  [['--policy', '--', 'claude'], /^--policy needs a value: --policy LIST$/],
  [['--policy', '--quiet', 'x'], /write --policy=--quiet$/],
  [['--quiet=1', 'x'], /^--quiet takes no value$/],
  [['--mode', 'enfroce', 'x'], /did you mean enforce\?$/],
  [['--mode', 'off', 'x'], /one of enforce, shadow, record$/],
  [['--policy', 'a', '--policy', 'b', 'x'], /^--policy is given twice$/],
])('run refuses %j', (args, message) => {
  expect(() => parse(runCommand, args)).toThrow(usage(message));
});

test('options of other commands may stand anywhere, and words they do not take are refused', () => {
  expect(parse(eventsCommand, ['--denied', '-n', '5', '--action', 'FileWrite', '--action=ProcessExec']).values).toEqual(
    new Map([
      ['limit', ['5']],
      ['action', ['FileWrite', 'ProcessExec']],
    ]),
  );
  expect(() => parse(eventsCommand, ['20261125', '--denied'])).toThrow(usage('unexpected word "20261125"'));
  expect(() => parse(eventsCommand, ['--', '--denied'])).toThrow(usage('unexpected word "--denied"'));
  expect(() => parse(eventsCommand, ['--action', 'FileWrit'])).toThrow(usage('did you mean FileWrite'));
});

test('asked for help, a command does not complain about words', () => {
  expect(parse(eventsCommand, ['-h', 'word']).flags).toEqual(new Set(['help']));
});
