// The real agents, logged in and without a key: each takes the copy of its login, renews it, and the host's file has what was renewed.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { findAgent } from '../../src/sandbox/agents/catalog.ts';
import { readLogin } from '../../src/session/logins/login-text.ts';
import { AgentStore } from '../fixtures/agent-script.ts';
import { Place } from '../fixtures/leash.ts';
import { expectNoToken, LOGIN_CLIENTS, loginFile, playRenewal } from '../fixtures/login-clients.ts';

const RUN_LIMIT_MS = 240_000;
const store = new AgentStore();
afterAll(() => store.remove());

describe.each(LOGIN_CLIENTS)('$name', (client) => {
  let place: Place | undefined;
  afterEach(() => place?.remove());

  test('works and renews by placeholders', { timeout: RUN_LIMIT_MS }, async (context) => {
    const found = await store.install(client.name);
    if ('missing' in found) return context.skip(found.missing);
    place = new Place('self');
    const file = loginFile(client.name, place, store.env);
    // Run by a program that looks at what it left behind: the client may have written its file anew.
    const script = `#!/bin/sh\n${found.command} "$@"; cp ${file} seen.json\n`;
    place.write(path.join(place.home, 'bin', client.name), script, 0o755);
    const searched = `${place.home}/bin:${place.environment['PATH']}`;
    await playRenewal(client, place, { args: [], env: { ...store.env, PATH: searched } });
    const seen = readFileSync(path.join(place.workspace, 'seen.json'), 'utf8');
    expectNoToken(seen);
    // What a client writes itself is understood at the next start.
    const login = findAgent(client.name)?.logins[0];
    for (const text of [seen, readFileSync(file, 'utf8')])
      expect(login && readLogin(text, login)).toHaveProperty('tokens.refresh_token');
  });
});
