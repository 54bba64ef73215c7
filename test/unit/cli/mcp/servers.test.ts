// Calls are counted by server, tool and method, each by what became of it.
import { expect, test } from 'vitest';
import { serversOf } from '../../../../src/cli/mcp/servers.ts';
import { sampleCall, sampleMessage } from './sample-call.ts';

test('each call counts once, for its server and for its tool or method', () => {
  const [files, ...others] = serversOf(
    [
      sampleMessage('initialize', { time: 1 }),
      sampleCall({ time: 2 }),
      sampleCall({ time: 5, effect: 'deny' }),
      sampleCall({ time: 4, effect: 'deny', enforced: false }),
      sampleCall({ time: 3, shadow: 'deny' }),
      sampleCall({ time: 3, ask: 'May it?', approval: { by: 'once', waited: 1 } }),
    ],
    [],
  );
  expect(others).toEqual([]);
  expect(files).toMatchObject({ server: 'files', calls: 6, allowed: 3, denied: 1, would_deny: 2, asked: 1, last: 5 });
  expect([...(files?.tools ?? [])]).toEqual([
    ['read', { calls: 5, allowed: 2, denied: 1, would_deny: 2, asked: 1, last: 5 }],
  ]);
  expect([...(files?.methods ?? [])]).toMatchObject([['initialize', { calls: 1, last: 1 }]]);
});

test('a tool of the same name of another server is another tool', () => {
  const servers = serversOf([sampleCall(), sampleCall({ resource: { type: 'tool', name: 'read', server: 'b' } })], []);
  expect(servers.map(({ server, tools }) => [server, tools.get('read')?.calls])).toEqual([
    ['files', 1],
    ['b', 1],
  ]);
});

test('a tool that was only offered is there with zeros, and one that was called is not there twice', () => {
  const seen = ['read', 'write'].map((name) => ({ server: 'files', tool: { name } }));
  const [files, other] = serversOf([sampleCall()], [...seen, { server: 'quiet', tool: { name: 'x' } }]);
  expect([...(files?.tools ?? [])].map(([name, { calls }]) => [name, calls])).toEqual([
    ['read', 1],
    ['write', 0],
  ]);
  expect(other).toMatchObject({ server: 'quiet', calls: 0 });
  expect(other).not.toHaveProperty('last');
});

test('names like those of every object are names of tools', () => {
  const names = ['__proto__', 'constructor'];
  const calls = names.map((name) => sampleCall({ resource: { type: 'tool', name, server: '__proto__' } }));
  expect([...(serversOf(calls, [])[0]?.tools.keys() ?? [])]).toEqual(names);
});
