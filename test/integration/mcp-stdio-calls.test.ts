// A client and an MCP server that it starts, in a session: what the server does belongs to the call that is open, and to none before and after.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IDENTITIES, PERMISSIVE, Place, runLeash } from '../fixtures/leash.ts';

const CALLS = `@id("calls") permit(principal, action == Action::"McpCall", resource);
@id("no-forget") forbid(principal, action == Action::"McpCall", resource == MCP::Tool::"forget");`;

const fixture = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url)), 'utf8');

describe.each(IDENTITIES)('calls of an MCP server over stdio, as %s', (as) => {
  let place: Place;
  beforeEach(() => {
    place = new Place(as);
    place.write('keeper.mjs', fixture('mcp-keeper.mjs'));
    place.write('asker.mjs', fixture('mcp-asker.mjs'));
    const keeper = { command: process.execPath, args: ['keeper.mjs'] };
    place.write('.mcp.json', JSON.stringify({ mcpServers: { keeper } }));
  });
  afterEach(() => place.remove());

  it('what the server and its programs do carries the call; what it does between calls, and the client, carries none', async () => {
    const command = [process.execPath, 'asker.mjs'];
    const { status, events } = await runLeash(place, { policy: PERMISSIVE + CALLS, command });
    expect(status).toBe(0);
    const calls = events.filter(({ action }) => action === 'McpCall');
    const keeps = calls.filter(({ resource }) => resource.type === 'tool' && resource.name === 'keep');
    const [one, run, left, right] = keeps.map(({ call }) => call);
    const callOf = (name: string): string | undefined =>
      events.find(({ resource }) => resource.type === 'path' && path.basename(resource.path) === name)?.call;
    expect(['kept-one', 'kept-run', 'true', 'after-1', 'by-client', 'after-2'].map(callOf)).toEqual([
      one,
      run,
      run,
      undefined,
      undefined,
      undefined,
    ]);
    expect(callOf('kept-right')).toBe(`${left},${right}`);
    expect(calls.find(({ detail }) => detail?.['method'] === 'initialize')).toMatchObject({
      call: 'c1',
      detail: { transport: 'stdio', via: 'mcp:./keeper' },
    });
    const [denied] = calls.filter(({ effect }) => effect === 'deny');
    expect(denied?.detail).not.toHaveProperty('caused');

    const inspected = await runLeash(place, { command: [], args: ['mcp', 'inspect', '--json', String(run)] });
    const { caused } = JSON.parse(inspected.stdout.toString()) as { caused: readonly { action: string }[] };
    expect(caused.map(({ action }) => action)).toEqual(expect.arrayContaining(['FileCreate', 'ProcessExec']));
    const log = await runLeash(place, { command: [], args: ['mcp', 'log', '--denied'] });
    expect(log.stdout.toString()).toMatch(/ keeper +forget +denied, /);
  });
});
