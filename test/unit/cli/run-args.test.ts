import { expect, test } from 'vitest';
import { runCommand } from '../../../src/cli/commands/run.command.ts';
import { parse } from '../../../src/cli/parse.ts';
import { parseResolve, type RunArgs, runArgs } from '../../../src/cli/run-args.ts';

function args(...words: readonly string[]): RunArgs {
  return runArgs(parse(runCommand, words));
}

function usage(message: RegExp): unknown {
  return expect.objectContaining({ code: 'LEASH_USAGE', message: expect.stringMatching(message) });
}

test('without options everything has its default, and the mode is the strict one', () => {
  expect(args('claude', '-p', 'hello')).toEqual({
    command: ['claude', '-p', 'hello'],
    profiles: [],
    policyFile: undefined,
    mode: 'enforce',
    tls: 'inspect',
    workspace: undefined,
    env: [],
    resolve: [],
    ca: [],
    limits: {},
    isOffline: false,
    isReadOnly: false,
    volumes: [],
    review: false,
    listen: { host: '127.0.0.1', port: 18_080 },
    opens: false,
    isDetached: false,
    recordsBodies: false,
    plainSecrets: false,
    isInteractive: true,
    quiet: false,
    verbose: false,
  });
});

test('all options', () => {
  const options = [
    '--policy',
    'p',
    '--mode',
    'record',
    '--tls',
    'splice',
    '-C',
    'w',
    '-e',
    'A',
    '-e',
    'B=',
    '-e',
    'C=x=y',
    '--ca',
    '1',
    '--ca',
    '2',
    '--memory',
    '4G',
    '--cpus',
    '1.5',
    '--pids',
    '512',
    '--review',
    '-v',
    'd:/d:ro',
    '--volume=e',
  ];
  expect(args(...options, '--resolve', 'Api.Example.COM.:443:127.0.0.1:8443', '--verbose', '--', 'x')).toEqual({
    command: ['x'],
    profiles: [],
    policyFile: 'p',
    mode: 'record',
    tls: 'splice',
    workspace: 'w',
    env: [
      { name: 'A', value: undefined },
      { name: 'B', value: '' },
      { name: 'C', value: 'x=y' },
    ],
    resolve: [{ host: 'api.example.com', port: 443, address: '127.0.0.1', addressPort: 8443 }],
    ca: ['1', '2'],
    limits: { memory: 2 ** 32, cpus: 1.5, pids: 512 },
    isOffline: false,
    isReadOnly: false,
    volumes: [
      { source: 'd', place: '/d', access: 'read-only' },
      { source: 'e', place: undefined, access: 'read-write' },
    ],
    review: true,
    listen: { host: '127.0.0.1', port: 18_080 },
    opens: false,
    isDetached: false,
    recordsBodies: false,
    plainSecrets: false,
    isInteractive: true,
    quiet: false,
    verbose: true,
  });
});

test.each([
  ['a.example:127.0.0.1', { host: 'a.example', port: undefined, address: '127.0.0.1', addressPort: undefined }],
  ['a.example:443:10.0.0.1', { host: 'a.example', port: 443, address: '10.0.0.1', addressPort: undefined }],
  ['a.example:10.0.0.1:8443', { host: 'a.example', port: undefined, address: '10.0.0.1', addressPort: 8443 }],
  ['a.example:[::1]', { host: 'a.example', port: undefined, address: '::1', addressPort: undefined }],
  ['a.example:443:[2001:DB8:0::1]:8443', { host: 'a.example', port: 443, address: '2001:db8::1', addressPort: 8443 }],
])('--resolve %s', (text, rule) => {
  expect(parseResolve(text)).toEqual(rule);
});

test.each([
  ['', /needs HOST/],
  ['a.example', /needs HOST/],
  ['a.example:443', /not an address/],
  ['a.example:443:8443', /not an address/],
  ['a.example:::1', /needs HOST/],
  ['a.example:[127.0.0.1]', /not an address/],
  ['a.example:[::1', /needs HOST/],
  ['a.example:[fe80::1%eth0]', /not an address/],
  ['a.example:127.1', /not an address/],
  ['a.example:127.0.0.256', /not an address/],
  ['a.example:0127.0.0.1', /not an address/],
  ['a.example:0:127.0.0.1', /0 is not a port/],
  ['a.example:127.0.0.1:65536', /65536 is not a port/],
  ['*.example:127.0.0.1', /not a host name/],
  ['-a.example:127.0.0.1', /not a host name/],
  ['a..example:127.0.0.1', /not a host name/],
  ['a b:127.0.0.1', /not a host name/],
])('--resolve refuses %j', (text, message) => {
  expect(() => parseResolve(text)).toThrow(usage(message));
});

test('a value of --env is not in the message about its name', () => {
  expect(() => args('-e', '1BAD=s3cret', 'x')).toThrow(usage(/^(?!.*s3cret).*"1BAD" is not a variable name/));
  expect(() => args('-e', '=s3cret', 'x')).toThrow(usage(/^(?!.*s3cret).*"" is not/));
});

test('there has to be a command', () => {
  const missing = expect.objectContaining({ code: 'LEASH_COMMAND_MISSING' });
  for (const words of [[], ['--'], ['--quiet'], [''], ['--', '']]) expect(() => args(...words)).toThrow(missing);
});

test('quiet and verbose exclude each other', () => {
  expect(() => args('-q', '--verbose', 'x')).toThrow(usage(/exclude each other/));
});

test.each([
  ['node', ['node'], undefined],
  ['node,no-secrets', ['node', 'no-secrets'], undefined],
  ['node, node', ['node'], undefined],
  ['team.cedar,no-network', ['no-network'], 'team.cedar'],
  ['./node', [], './node'],
])('--policy %s', (list, profiles, policyFile) => {
  expect(args('--policy', list, 'x')).toMatchObject({ profiles, policyFile });
});

test.each([
  ['a.cedar,b.cedar', /neither a\.cedar nor b\.cedar/],
  ['node,', /empty name/],
  [',', /empty name/],
])('--policy refuses %j', (list, message) => {
  expect(() => args(`--policy=${list}`, 'x')).toThrow(usage(message));
});

test('--no-network adds its profile to whatever policy is asked for, once', () => {
  expect(args('--no-network', 'x')).toMatchObject({ profiles: ['no-network'], isOffline: true });
  expect(args('--no-network', '--policy', 'node,no-network,mine.cedar', 'x')).toMatchObject({
    profiles: ['node', 'no-network'],
    policyFile: 'mine.cedar',
  });
});
