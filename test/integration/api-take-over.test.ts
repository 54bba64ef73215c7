import { spawn } from 'node:child_process';
import net from 'node:net';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { SessionList } from '../../src/schema/api.ts';
import { eventually } from '../fixtures/asking.ts';
import { ask, freePort, served, tokenOf } from '../fixtures/control.ts';
import { finished, leashCommand, Place, POLICY, sessionsOf, startLeash } from '../fixtures/leash.ts';

const WAITING = { policy: POLICY, command: ['/bin/cat'] };

test('when the session that serves is killed, another takes over; tokens stay, and what happened is told', async () => {
  const place = new Place();
  const port = await freePort();
  const args = ['--listen', String(port)];
  const first = startLeash(place, { ...WAITING, args });
  try {
    await served(port);
    const token = tokenOf(place);
    const others = [startLeash(place, { ...WAITING, args }), startLeash(place, { ...WAITING, args })];
    await eventually('three sessions', async () => {
      const { body } = await ask(port, '/api/v1/sessions', { token });
      const { sessions } = body as SessionList;
      return sessions.filter(({ state }) => state === 'running').length === 3 ? true : undefined;
    });
    // One that waits holds a connection, which breaks with the hub.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const gone = finished(first);
    const killed = performance.now();
    first.kill('SIGKILL');
    await served(port);
    console.log(`taken over after ${Math.round(performance.now() - killed)} ms`);
    await gone;
    const { body } = await ask(port, '/api/v1/sessions', { token });
    const states = (body as SessionList).sessions.map(({ state }) => state);
    expect(states.toSorted()).toEqual(['crashed', 'running', 'running']);
    for (const other of others) other.stdin?.end();
    await Promise.all(others.map(finished));
    await expect(ask(port, '/healthz')).rejects.toThrow(/ECONNREFUSED/);
  } finally {
    place.remove();
  }
});

test('a port that a stranger has is said once, and the session goes on; the stranger learns no token', async () => {
  const place = new Place();
  let heard = '';
  const stranger = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      heard += chunk.toString();
      socket.write(`HTTP/1.1 200 OK\r\n\r\n{"proof":"${'A'.repeat(43)}"}\n`);
    });
  });
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = stranger.address() as net.AddressInfo;
    const session = startLeash(place, { ...WAITING, args: ['--listen', String(port)] });
    await eventually('a visit', () => (heard === '' ? undefined : true));
    session.stdin?.end('still there\n');
    const { stdout, stderr, status } = await finished(session);
    expect([stdout.toString(), status]).toEqual(['still there\n', 0]);
    expect(stderr.match(/is taken by another program/g)).toHaveLength(1);
    const token = tokenOf(place);
    expect(heard).not.toContain(token.slice(token.indexOf('.') + 1));
    expect(heard).not.toMatch(/authorization/i);
  } finally {
    stranger.close();
    place.remove();
  }
});

test('a port where nobody says anything is a stranger’s, too', async () => {
  const place = new Place();
  const visitors: net.Socket[] = [];
  const silent = net.createServer((socket) => visitors.push(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = silent.address() as net.AddressInfo;
    const session = startLeash(place, { ...WAITING, args: ['--listen', String(port)] });
    const said = new Promise<void>((resolve) => {
      session.stderr?.on('data', (chunk: Buffer) => chunk.includes('taken by another program') && resolve());
    });
    const end = finished(session);
    await said;
    session.stdin?.end();
    expect((await end).status).toBe(0);
    expect(visitors.length).toBeGreaterThan(1);
  } finally {
    for (const socket of visitors) socket.destroy();
    silent.close();
    place.remove();
  }
});

test('leash ui serves past sessions where none runs, and prints an address whose token stays in the fragment', async () => {
  const place = new Place();
  const port = await freePort();
  try {
    await finished(startLeash(place, { ...WAITING, command: ['/bin/true'] }));
    const [program = '', ...leash] = leashCommand(place, { command: [] }).slice(0, 3);
    const ui = spawn(program, [...leash, 'ui', '--listen', String(port)], {
      env: place.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const end = finished(ui);
    await served(port);
    const { body } = await ask(port, '/api/v1/sessions', { token: tokenOf(place) });
    expect((body as SessionList).sessions.map(({ id, state }) => [id, state])).toEqual([
      [path.basename(sessionsOf(place)[0] ?? ''), 'ended'],
    ]);
    expect((await ask(port, '/')).text).toContain('<!doctype html>');
    ui.kill('SIGINT');
    const { stderr, status } = await end;
    expect(stderr).toContain(`http://127.0.0.1:${port}/#token=${tokenOf(place)}`);
    expect(status).toBe(130);
  } finally {
    place.remove();
  }
});
