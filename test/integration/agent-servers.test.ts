// Agents that start MCP servers, each in its own way, in; their calls judged, and what the servers do told from what the agents do, out.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Event } from '../../src/schema/event.ts';
import { freePort } from '../fixtures/control.ts';
import { IDENTITIES, type LeashRequest, PERMISSIVE, Place, runLeash } from '../fixtures/leash.ts';

const NOTES = readFileSync(new URL('../fixtures/mcp-notes.mjs', import.meta.url));
const RULES = `${PERMISSIVE}
permit(principal, action == Action::"McpCall", resource);
@id("no-secrets") @reason("Secrets are not noted.") forbid(principal, action == Action::"McpCall", resource == MCP::Tool::"add_note")
when { context.args.hasTag("text") && context.args.getTag("text") like "*secret*" };`;

const say = (id: number, method: string, params: object): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params });
const INITIALIZE = say(1, 'initialize', {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'test', version: '1' },
});
const note = (id: number, text: string): string => say(id, 'tools/call', { name: 'add_note', arguments: { text } });
const TALK = [INITIALIZE, note(2, 'open'), note(3, 'a secret'), note(4, 'last')].map((line) => `${line}\n`).join('');

/** Reads what to say from `talk`, says it to the server, and prints what comes. */
const CLIENTS: Readonly<Record<string, string>> = {
  'agent.mjs': `
    import { spawn } from 'node:child_process';
    import { readFileSync } from 'node:fs';
    const server = spawn('node', ['notes.mjs', 'NOTES.md'], { stdio: ['pipe', 'pipe', 'inherit'] });
    server.stdout.pipe(process.stdout);
    server.stdin.end(readFileSync('talk'));
    server.on('exit', (code) => { process.exitCode = code; });`,
  'agent.py': `
import subprocess
server = subprocess.Popen(['node', 'notes.mjs', 'NOTES.md'], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
out, _ = server.communicate(open('talk', 'rb').read())
print(out.decode(), end='')
exit(server.returncode)
`,
  'agent.sh': `
coproc node notes.mjs NOTES.md
cat talk >&"\${COPROC[1]}"; eval "exec \${COPROC[1]}>&-"; cat <&"\${COPROC[0]}" || true; wait
`,
};
const AGENTS: readonly (readonly [string, readonly string[]])[] = [
  ['node, over socket pairs', ['node', 'agent.mjs']],
  ['Python, over pipes', ['python3', 'agent.py']],
  ['a shell and its coprocess', ['bash', 'agent.sh']],
];

const viaOf = (events: readonly Event[]): readonly string[] => [
  ...new Set(events.flatMap(({ who }) => (who?.via === undefined ? [] : [who.via]))),
];
const calls = (events: readonly Event[]): readonly Event[] => events.filter(({ action }) => action === 'McpCall');

describe.each(IDENTITIES)('as %s', (as) => {
  let place: Place;
  beforeEach(() => {
    place = new Place(as);
    place.write('notes.mjs', NOTES);
    place.write('talk', TALK);
    for (const [name, text] of Object.entries(CLIENTS)) place.write(name, text);
    declare('.mcp.json');
  });
  afterEach(() => place.remove());

  const declare = (file: string, command = 'node'): string =>
    place.write(file, JSON.stringify({ mcpServers: { notes: { command, args: ['notes.mjs', 'NOTES.md'] } } }));
  const run = (command: readonly string[], more: Partial<LeashRequest> = {}) =>
    runLeash(place, { policy: RULES, command, ...more });
  const noted = (): string => {
    const file = path.join(place.workspace, 'NOTES.md');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };

  it.each(AGENTS)('%s: what is forbidden does not reach the server, the rest does', async (_what, command) => {
    const { status, stdout, stderr, events } = await run(command);
    expect(status, stderr).toBe(0);
    expect(noted()).toBe('open\nlast\n');
    const answers = stdout
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: number });
    expect(answers.map(({ id }) => id).toSorted()).toEqual([1, 2, 3, 4]);
    expect(answers.find(({ id }) => id === 3)).toMatchObject({
      error: { code: -33_403, data: { policies: ['no-secrets'] } },
    });
    expect(viaOf(events)).toEqual(['mcp:./notes']);
    expect(calls(events)).toHaveLength(4);
    expect(calls(events).find(({ effect }) => effect === 'deny')).toMatchObject({
      resource: { type: 'tool', name: 'add_note', server: 'notes' },
      reason: 'Secrets are not noted.',
      detail: { transport: 'stdio', via: 'mcp:./notes', outcome: 'denied', args: ['text=a secret'] },
    });
  });

  it('what the server does is marked and belongs to its call; what the agent does is neither', async () => {
    const { events } = await run(['node', 'agent.mjs']);
    const file = path.join(place.workspace, 'NOTES.md');
    const written = events.filter(
      ({ resource, action }) => 'path' in resource && resource.path === file && action !== 'FileOpenReadOnly',
    );
    expect(written.length).toBeGreaterThan(0);
    const ids = calls(events).map(({ call }) => call);
    for (const { who, call = '' } of written) {
      expect(who?.via).toBe('mcp:./notes');
      for (const each of call.split(',')) expect(ids).toContain(each);
    }
    const own = events.filter(({ who }) => who?.argv?.[1] === 'agent.mjs');
    expect(own.length).toBeGreaterThan(0);
    expect(
      own.filter(({ who, call, action }) => who?.via !== undefined || (call !== undefined && action !== 'McpCall')),
    ).toEqual([]);
  });

  it.each([
    ['another program starts it', ['sh', '-c', 'true; node agent.mjs; true']],
    ['a program of its own starts it', ['node', '-e', "require('child_process').execFileSync('node', ['agent.mjs'])"]],
  ])('%s: its mark says so, and its calls are judged all the same', async (_what, command) => {
    const { events } = await run(command);
    expect(viaOf(events)).toEqual(['mcp:?notes']);
    expect(noted()).toBe('open\nlast\n');
  });

  it('a file that the user names declares it, unless the workspace has a word in it', async () => {
    const own = path.join(place.root, 'own.json');
    declare(own);
    const both = await run(['node', 'agent.mjs', '--mcp-config', own]);
    expect(viaOf(both.events)).toEqual(['mcp:./notes']);
    rmSync(path.join(place.workspace, '.mcp.json'));
    const alone = await run(['node', 'agent.mjs', '--mcp-config', own]);
    expect(viaOf(alone.events)).toEqual(['mcp:notes']);
    declare('own.json');
    const within = await run(['node', 'agent.mjs', '--mcp-config', 'own.json']);
    expect(viaOf(within.events)).toEqual(['mcp:./notes']);
  });

  it.each([
    ['other arguments', "['notes.mjs', './NOTES.md']"],
    ['a file as its input', "['notes.mjs', 'NOTES.md'], { stdio: [0, 'pipe', 'inherit'] }"],
  ])('with %s it is an ordinary program', async (_what, args) => {
    place.write(
      'other.mjs',
      `import { spawn } from 'node:child_process'; import { openSync } from 'node:fs';
      openSync('talk'); const server = spawn('node', ${args}); server.stdout.resume(); server.stdin?.end('');`,
    );
    const { events, status } = await run(['sh', '-c', 'exec node other.mjs <talk']);
    expect([status, viaOf(events), calls(events)]).toEqual([0, [], []]);
  });

  it('where no policy speaks of calls nothing is stopped, and all is recorded', async () => {
    const { events, status } = await run(['python3', 'agent.py'], { policy: PERMISSIVE });
    expect(status).toBe(0);
    expect(noted()).toBe('open\na secret\nlast\n');
    expect(calls(events).map(({ detail }) => detail?.['judged'])).toEqual([false, false, false, false]);
  });

  it('where ports are published handles take another way, and come', async () => {
    const port = await freePort();
    const { status, stderr, events } = await run(['python3', 'agent.py'], { args: ['-p', `${port}:8080`] });
    expect(status, stderr).toBe(0);
    expect([noted(), viaOf(events)]).toEqual(['open\nlast\n', ['mcp:./notes']]);
  });

  it('a server that ends by itself, or is killed, ends its client’s streams; many come and go', async () => {
    place.write(
      '.mcp.json',
      JSON.stringify({ mcpServers: { short: { command: 'sh', args: ['-c', 'read line; kill -9 $$'] } } }),
    );
    place.write(
      'many.py',
      `
import subprocess
for turn in range(40):
    server = subprocess.Popen(['sh', '-c', 'read line; kill -9 $$'], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    out, _ = server.communicate(b'{"jsonrpc":"2.0","id":1,"method":"ping"}\\n')
    assert (out, server.returncode) == (b'', -9), (out, server.returncode)
print('done')
`,
    );
    const { stdout, stderr, events } = await run(['python3', 'many.py']);
    expect(stdout.toString(), stderr).toBe('done\n');
    expect(viaOf(events)).toEqual(['mcp:./short']);
    expect(calls(events).filter(({ detail }) => detail?.['outcome'] === 'no answer')).toHaveLength(40);
  });
});
