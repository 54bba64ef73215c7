import { expect, test } from 'vitest';
import { starts } from '../../../../src/sandbox/mcp-servers/starts.ts';

const NPX = { command: 'npx', args: ['-y', 'server', '/data dir'] };
const OWN = { command: '/opt/mcp/server', args: ['--stdio'] };

test.each([
  [NPX, ['npx', '-y', 'server', '/data dir']],
  [NPX, ['/usr/bin/npx', '-y', 'server', '/data dir']],
  [OWN, ['/opt/mcp/server', '--stdio']],
  [OWN, ['/bin/sh', '-c', '/opt/mcp/server --stdio']],
  [{ command: './elf', args: [] }, ['./elf']],
] as const)('%j is started by %j', (server, argv) => {
  expect(starts(argv, server)).toBe(true);
});

test.each([
  ['no arguments', NPX, ['npx']],
  ['one more', NPX, ['npx', '-y', 'server', '/data dir', '/etc']],
  ['one less', NPX, ['npx', '-y', 'server']],
  ['another', NPX, ['npx', '-y', 'server', '/etc']],
  ['another order', NPX, ['npx', 'server', '-y', '/data dir']],
  ['words put together', NPX, ['npx', '-y server', '/data dir']],
  ['another program of a like name', NPX, ['evilnpx', '-y', 'server', '/data dir']],
  ['a program of that name elsewhere', OWN, ['/workspace/server', '--stdio']],
  ['the name of a program by path', OWN, ['server', '--stdio']],
  ['a relative one elsewhere', { command: './elf', args: [] }, ['/workspace/elf']],
  ['nothing', NPX, []],
  ['a shell with more behind', OWN, ['/bin/sh', '-c', '/opt/mcp/server --stdio; id']],
  ['a shell with more words', OWN, ['/bin/sh', '-c', '/opt/mcp/server --stdio', 'x']],
  ['words that a shell would cut', NPX, ['/bin/sh', '-c', 'npx -y server /data dir']],
  ['words that a shell would change', { command: 'x', args: ['$(id)'] }, ['sh', '-c', 'x $(id)']],
  ['no shell', OWN, ['/workspace/sh', '-c', '/opt/mcp/server --stdio']],
] as const)('%s is not', (_what, server, argv) => {
  expect(starts(argv, server)).toBe(false);
});
