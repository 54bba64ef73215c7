// Ways to speak with an MCP server past the manager that stands between: none of what is said that way is heard.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Attacks } from '../fixtures/attacks.ts';
import { IDENTITIES, PERMISSIVE, Place, runLeash } from '../fixtures/leash.ts';

const NOTES = readFileSync(new URL('../fixtures/mcp-notes.mjs', import.meta.url));
const POLICY = `${PERMISSIVE}
permit(principal, action == Action::"McpCall", resource);
@id("no-notes") forbid(principal, action == Action::"McpCall", resource == MCP::Tool::"add_note");`;
const CALL =
  '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"add_note","arguments":{"text":"past it"}}}\n';

let attacks: Attacks;
beforeAll(() => {
  attacks = new Attacks(['race-streams']);
});
afterAll(() => attacks.remove());

describe.each(IDENTITIES)('as %s', (as) => {
  let place: Place;
  beforeEach(() => {
    place = new Place(as);
    const mcpServers = {
      notes: { command: 'node', args: ['notes.mjs', 'NOTES.md'] },
      race: { command: './race-streams', args: ['server'] },
    };
    place.write('.mcp.json', JSON.stringify({ mcpServers }));
    place.write('notes.mjs', NOTES);
  });
  afterEach(() => place.remove());

  it('another thread that puts a pipe of its own in the place of the server’s input', async () => {
    attacks.put(place, 'race-streams');
    // Without judging, the pipe that was there when the manager took the client's end would be read through the manager.
    const { stdout, stderr } = await runLeash(place, {
      policy: POLICY,
      command: ['./race-streams', '2'],
      journal: false,
    });
    const counts = JSON.parse(stdout.toString() || '{}') as Record<string, number>;
    expect(counts, stderr).toMatchObject({ won: 0 });
    expect(counts['harmless']).toBeGreaterThan(0);
  });

  it.each([
    ['opening its input by its name in /proc', 'fs.writeFileSync("/proc/" + server.pid + "/fd/0", CALL)'],
    ['opening the other end of its output there', 'fs.writeFileSync("/proc/" + server.pid + "/fd/1", CALL)'],
    [
      'opening its input as its own does',
      'cp.execFileSync("sh", ["-c", "printf %s \\"$0\\" >/proc/$1/task/$1/fd/0", CALL, String(server.pid)])',
    ],
    ['writing backwards into what it answers', 'server.stdout.write(CALL)'],
  ])('%s', async (_what, way) => {
    place.write(
      'agent.cjs',
      `
      const fs = require('fs');
      const CALL = ${JSON.stringify(CALL)};
      const cp = require('child_process');
      const server = cp.spawn('node', ['notes.mjs', 'NOTES.md'], { stdio: ['pipe', 'pipe', 'inherit'] });
      server.stdout.on('error', () => {});
      server.stdin.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\\n');
      server.stdout.once('data', () => {
        try { ${way} } catch (error) { console.log(error.code ?? 'failed'); }
        setTimeout(() => server.stdin.end(), 300);
      });`,
    );
    const run = (policy: string) => runLeash(place, { policy, command: ['node', 'agent.cjs'] });
    const { status, events } = await run(POLICY);
    expect(status).toBe(0);
    expect(events.filter(({ who }) => who?.via === 'mcp:./notes').length).toBeGreaterThan(0);
    expect(() => readFileSync(path.join(place.workspace, 'NOTES.md'))).toThrow('ENOENT');
  });

  it.each([
    ['a shell', 'cat talk | node notes.mjs vault.md | cat'],
    [
      'a script of its own interpreter',
      "node -e \"require('child_process').spawn('node', ['notes.mjs', 'vault.md'], { stdio: ['pipe', 'inherit', 'inherit'] }).stdin.end(require('fs').readFileSync('talk'))\" | cat",
    ],
  ])('%s that starts the same command line has no right of the server', async (_what, script) => {
    const right = `${PERMISSIVE} permit(principal, action == Action::"McpCall", resource);
      forbid(principal, action in Action::"FileOpenReadWrite", resource) when { resource.name == "vault.md" && context.proc.via != "mcp:./vault" };`;
    place.write(
      '.mcp.json',
      JSON.stringify({ mcpServers: { vault: { command: 'node', args: ['notes.mjs', 'vault.md'] } } }),
    );
    place.write('talk', CALL);
    place.write('agent.cjs', `require('child_process').execFileSync('sh', ['-c', ${JSON.stringify(script)}]);`);
    place.write(
      'own.cjs',
      `require('child_process').spawn('node', ['notes.mjs', 'vault.md'], { stdio: ['pipe', 'pipe', 'inherit'] }).stdin.end(${JSON.stringify(CALL)});`,
    );
    const vault = path.join(place.workspace, 'vault.md');
    await runLeash(place, { policy: right, command: ['node', 'agent.cjs'], journal: false });
    expect(() => readFileSync(vault)).toThrow('ENOENT');
    await runLeash(place, { policy: right, command: ['node', 'own.cjs'], journal: false });
    expect(readFileSync(vault, 'utf8')).toBe('past it\n');
  });

  it('the control: what is said to its input is heard where it is permitted', async () => {
    place.write(
      'agent.cjs',
      `
      const server = require('child_process').spawn('node', ['notes.mjs', 'NOTES.md'], { stdio: ['pipe', 'pipe', 'inherit'] });
      server.stdin.end(${JSON.stringify(CALL)});`,
    );
    await runLeash(place, { policy: PERMISSIVE, command: ['node', 'agent.cjs'] });
    expect(readFileSync(path.join(place.workspace, 'NOTES.md'), 'utf8')).toBe('past it\n');
  });
});
