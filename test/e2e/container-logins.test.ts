// Real agents that are logged in, in containers; that their copies are theirs, that the host's file is renewed, and that no copy reaches a volume, out.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { AgentStore } from '../fixtures/agent-script.ts';
import { ENGINES, engineMissing, Lab } from '../fixtures/containers.ts';
import { Place, runLeash } from '../fixtures/leash.ts';
import { LOGIN_CLIENTS, loginFile, playRenewal } from '../fixtures/login-clients.ts';

const RUN_LIMIT_MS = 240_000;
const clients = LOGIN_CLIENTS.filter(({ name }) => name === 'claude' || name === 'codex');
const store = new AgentStore();
afterAll(() => store.remove());

describe.each(ENGINES)('%s', (name) => {
  const missing = engineMissing(name);
  let lab: Lab | undefined;
  let place: Place;
  let options: readonly string[];
  beforeAll(async () => {
    if (missing !== undefined) return;
    lab = await Lab.open(name);
    options = ['--backend', name, '--image', lab.imageWith({ programs: ['node', 'bash', 'env'] }, 'logins')];
  }, RUN_LIMIT_MS);
  afterAll(() => lab?.close());
  afterEach(() => place?.remove());

  test.for(clients)('$name renews its login', { timeout: RUN_LIMIT_MS }, async (client, context) => {
    if (lab === undefined) return context.skip(missing);
    const found = await store.install(client.name);
    if ('missing' in found) return context.skip(found.missing);
    place = new Place();
    await playRenewal(client, place, { args: options, env: { ...lab.env, ...store.env } });
  });

  test('a login that a variable moved is found in the home, and told of elsewhere', {
    timeout: RUN_LIMIT_MS,
  }, async (context) => {
    const [client] = clients;
    if (lab === undefined || client === undefined) return context.skip(missing);
    const found = await store.install('claude');
    if ('missing' in found) return context.skip(found.missing);
    place = new Place();
    const env = { ...lab.env, ...store.env };
    const moved = path.join(place.home, 'moved');
    await playRenewal(client, place, { args: options, env: { ...env, CLAUDE_CONFIG_DIR: moved } });
    const outside = path.join(place.root, 'outside');
    const file = place.write(path.join(outside, '.credentials.json'), JSON.stringify(client.content), 0o600);
    const { stderr } = await runLeash(place, {
      command: ['claude', '--version'],
      env: { ...env, CLAUDE_CONFIG_DIR: outside },
      args: options,
    });
    expect(stderr).toContain(`the login in ${file} is not shown in a container: it lies outside the home`);
  });

  test('with its settings shown the agent has its login among them, and renews it', {
    timeout: RUN_LIMIT_MS,
  }, async (context) => {
    const [client] = clients;
    if (lab === undefined || client === undefined) return context.skip(missing);
    const found = await store.install('claude');
    if ('missing' in found) return context.skip(found.missing);
    place = new Place();
    place.write(path.join(place.home, '.config/leash/config.toml'), '[volumes]\nclaude = true\n', 0o600);
    const settings = place.write(path.join(place.home, '.claude/settings.json'), '{}');
    const told = await playRenewal(client, place, { args: options, env: { ...lab.env, ...store.env } });
    // What the client makes of its copy is no change to be accepted.
    expect(told).not.toContain('.credentials.json: ');
    expect(readFileSync(settings, 'utf8')).toBe('{}');
  });

  test('no copy is put through a volume that lies in its place', { timeout: RUN_LIMIT_MS }, async (context) => {
    if (lab === undefined) return context.skip(missing);
    const found = await store.install('claude');
    if ('missing' in found) return context.skip(found.missing);
    place = new Place();
    const text = JSON.stringify(clients[0]?.content);
    const file = place.write(loginFile('claude', place), text, 0o600);
    const data = path.join(place.root, 'data');
    mkdirSync(data);
    const { status, stderr } = await runLeash(place, {
      command: ['claude', '--version'],
      env: { ...lab.env, ...store.env },
      args: [...options, '-v', `${data}:${path.dirname(file)}`],
    });
    expect(status, stderr).toBe(0);
    expect(readdirSync(data)).not.toContain('.credentials.json');
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});
