// The official servers of files and of memory, started over stdio by the official client inside: calls judged, and what a server does told from what all others do.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AskingSession } from '../fixtures/asking.ts';
import { eventsOf, IDENTITIES, type LeashRequest, PERMISSIVE, Place, runLeash } from '../fixtures/leash.ts';
import { noOfficial, OFFICIAL } from '../fixtures/mcp-official.ts';
import { callsOf, type Server, type Step, saidIn, stepsRequest } from '../fixtures/mcp-steps.ts';
import { unless } from '../fixtures/unless.ts';

const MEMORY = '@modelcontextprotocol/server-memory';
const ALL = '@id("calls") permit(principal, action == Action::"McpCall", resource);';
/** Nobody writes notes but the server that the user declared. */
const NOTES = `${ALL}
@id("notes") @reason("Notes are the server's.")
forbid(principal, action in Action::"FileOpenReadWrite", resource in Dir::"@workspace/")
when { resource.path like "*/notes/*" && context.proc.via != "mcp:filesystem" };`;
const TOOLS = `${ALL}
@id("no-move") @reason("Nothing is moved.")
forbid(principal, action == Action::"McpCall", resource == MCP::Tool::"move_file");
@id("no-secrets") @reason("Secrets are nobody's.")
forbid(principal, action == Action::"McpCall", resource in MCP::Server::"filesystem")
when { context.args.hasTag("path") && context.args.getTag("path") like "*/secrets/*" };`;

describe.each(IDENTITIES)('as %s', unless(noOfficial), (as) => {
  let place: Place;
  beforeEach(() => {
    place = new Place(as);
    place.write('notes/a.md', 'one\n');
    place.write('secrets/key', 'DECOY\n');
  });
  afterEach(() => place.remove());

  const at = (name: string): string => path.join(place.workspace, name);
  const read = (name: string): string | undefined =>
    existsSync(at(name)) ? readFileSync(at(name), 'utf8') : undefined;
  const filesystem = (): Server => ({ command: 'node', args: [...OFFICIAL.filesystem, place.workspace] });
  const writing = (name: string, content = 'by a server\n'): Step => ({
    call: 'write_file',
    args: { path: at(name), content },
  });
  const declare = (file: string, name: string): void => {
    place.write(file, JSON.stringify({ mcpServers: { [name]: filesystem() } }));
  };

  /** An agent by name, which is the official client. */
  const request = (
    policy: string,
    steps: readonly Step[],
    servers: Readonly<Record<string, Server>> = { filesystem: filesystem() },
  ): LeashRequest => {
    const bin = path.join(place.home, 'bin');
    place.write(path.join(bin, 'claude'), `#!/bin/sh\nexec node ${OFFICIAL.client.join(' ')} "$@"\n`, 0o755);
    return {
      policy: PERMISSIVE + policy,
      command: ['claude', JSON.stringify({ servers, steps })],
      env: { PATH: `${bin}:${place.environment['PATH']}` },
    };
  };
  const run = async (...given: Parameters<typeof request>) => {
    const { stdout, stderr, status, events } = await runLeash(place, request(...given));
    if (status !== 0) throw new Error(`the client ended with ${status}: ${stdout}\n${stderr}`);
    return { said: saidIn(stdout.toString()), calls: events.filter(({ action }) => action === 'McpCall'), events };
  };

  it('tools and arguments: what is forbidden does not reach the server, and is not listed', async () => {
    declare(path.join(place.home, '.claude.json'), 'filesystem');
    const { said, calls } = await run(TOOLS, [
      { list: 'tools' },
      { call: 'read_text_file', args: { path: at('notes/a.md') } },
      { call: 'read_text_file', args: { path: at('secrets/key') } },
      { call: 'move_file', args: { source: at('notes/a.md'), destination: at('b.md') } },
      writing('c.md'),
    ]);
    expect(said[0]?.names).toEqual(expect.arrayContaining(['read_text_file', 'write_file']));
    expect(said[0]?.names).not.toContain('move_file');
    expect(said.slice(1)).toMatchObject([
      { text: 'one\n' },
      { error: { code: -33403, message: expect.stringContaining("Secrets are nobody's.") } },
      { error: { code: -33403, message: expect.stringContaining('Nothing is moved.') } },
      { text: expect.stringContaining('Successfully wrote') },
    ]);
    expect([read('notes/a.md'), read('b.md'), read('c.md')]).toEqual(['one\n', undefined, 'by a server\n']);
    expect(callsOf(calls, 'tools/call').toSorted()).toEqual([
      ['move_file', 'deny', 'denied'],
      ['read_text_file', 'allow', 'result'],
      ['read_text_file', 'deny', 'denied'],
      ['write_file', 'allow', 'result'],
    ]);
    expect(calls.every(({ detail }) => detail?.['transport'] === 'stdio' && detail['via'] === 'mcp:filesystem')).toBe(
      true,
    );
  });

  it('the server that the user declared may write where the shell may not, and its doings belong to the call', async () => {
    declare(path.join(place.home, '.claude.json'), 'filesystem');
    const { said, calls, events } = await run(NOTES, [
      writing('notes/b.md'),
      // It exists: the server renames a new file onto it.
      writing('notes/a.md'),
      { shell: `echo by the shell > '${at('notes/c.md')}' || echo refused` },
      { shell: `echo by the shell > d.md; mv d.md '${at('notes/d.md')}' || echo refused` },
    ]);
    const wrote = { text: expect.stringContaining('Successfully wrote') };
    expect(said).toMatchObject([wrote, wrote, { text: 'refused\n' }, { text: 'refused\n' }]);
    expect(['a', 'b'].map((name) => read(`notes/${name}.md`))).toEqual(['by a server\n', 'by a server\n']);
    expect(['c', 'd'].map((name) => read(`notes/${name}.md`))).toEqual([undefined, undefined]);
    const call = calls.find(({ resource }) => resource.type === 'tool')?.call;
    expect(call).toBeDefined();
    const written = events.filter(({ resource }) => resource.type === 'path' && resource.path === at('notes/b.md'));
    expect(written.some((event) => event.who?.via === 'mcp:filesystem' && event.call === call)).toBe(true);
    const refused = events.filter(({ effect }) => effect === 'deny');
    expect(new Set(refused.map(({ who }) => who?.via))).toEqual(new Set([undefined]));
    expect(refused.every(({ policies }) => policies.includes('notes'))).toBe(true);
  });

  it('the same command line, started by a shell or by a script of the agent, has no right of the declared server', async () => {
    declare(path.join(place.home, '.claude.json'), 'filesystem');
    const words = [...OFFICIAL.filesystem, place.workspace];
    const script = place.write(
      'start.mjs',
      `import { spawn } from 'node:child_process';
       const server = spawn('node', ${JSON.stringify(words)}, { stdio: ['pipe', 'pipe', 'ignore'] });
       process.stdin.pipe(server.stdin); server.stdout.pipe(process.stdout);`,
    );
    const servers: Readonly<Record<string, Server>> = {
      shell: { command: 'sh', args: ['-c', `node ${words.map((word) => `'${word}'`).join(' ')}; true`] },
      script: { command: 'node', args: [script] },
    };
    const policy = `${NOTES}
      @id("no-list") forbid(principal, action == Action::"McpCall", resource == MCP::Tool::"list_directory");`;
    for (const on of ['shell', 'script']) {
      const { said, calls } = await run(
        policy,
        [
          { ...writing('notes/b.md'), on },
          { on, call: 'list_directory', args: { path: place.workspace } },
        ],
        servers,
      );
      expect(said).toMatchObject([
        { isError: true, text: expect.stringContaining('EACCES') },
        { error: { code: -33403 } },
      ]);
      expect(read('notes/b.md')).toBeUndefined();
      expect(new Set(calls.map(({ detail }) => detail?.['via']))).toEqual(new Set(['mcp:?filesystem']));
    }
  });

  it('what a file of the workspace declares is named so, and has no right of the user’s', async () => {
    declare('.mcp.json', 'filesystem');
    const { said, calls } = await run(NOTES, [writing('notes/b.md')]);
    expect(said).toMatchObject([{ isError: true, text: expect.stringContaining('EACCES') }]);
    expect(new Set(calls.map(({ detail }) => detail?.['via']))).toEqual(new Set(['mcp:./filesystem']));
  });

  it('what nobody declared is known by its words: a person is asked, and a tool forbidden', async () => {
    const policy = `${ALL}
      @id("ask") @ask("Remember?") forbid(principal, action == Action::"McpCall", resource == MCP::Tool::"create_entities")
      when { resource in MCP::Server::"${MEMORY}" };
      @id("no-delete") forbid(principal, action == Action::"McpCall", resource == MCP::Tool::"delete_entities");`;
    const memory: Server = { command: 'node', args: OFFICIAL.memory, env: { MEMORY_FILE_PATH: at('memory.jsonl') } };
    const remembering = (name: string): Step => ({
      call: 'create_entities',
      args: { entities: [{ name, entityType: 'person', observations: ['seen'] }] },
    });
    const steps: readonly Step[] = [
      remembering('Ada'),
      remembering('Bob'),
      { call: 'delete_entities', args: { entityNames: ['Ada'] } },
      { call: 'read_graph' },
    ];
    const session = new AskingSession(place, stepsRequest({ policy, servers: { memory }, steps }));
    await session.approve();
    await session.deny();
    const { stdout, stderr, status } = await session.end;
    expect([status, stderr]).toEqual([0, expect.anything()]);
    const said = saidIn(stdout.toString());
    expect(said).toMatchObject([
      { text: expect.stringContaining('Ada') },
      { error: { code: -33403 } },
      { error: { code: -33403 } },
      { text: expect.stringContaining('Ada') },
    ]);
    expect(said[3]?.text).not.toContain('Bob');
    expect(read('memory.jsonl')).toContain('Ada');
    const calls = (await eventsOf(place)).filter(({ action }) => action === 'McpCall');
    expect(new Set(calls.map(({ detail }) => detail?.['via']))).toEqual(new Set([`mcp:?${MEMORY}`]));
  });
});
