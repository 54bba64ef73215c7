// A login that a variable of the user's has moved is brokered where it lies: in the home, outside of it, and among settings that are shown.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACCESS, ACCESS_2, CURL, FILE, heldIn, ISSUED, LOGIN, REAL, RENEW } from '../fixtures/claude-login.ts';
import { IDENTITIES, type LeashResult, Place, runLeash } from '../fixtures/leash.ts';
import { SecretOrigin } from '../fixtures/secret-origin.ts';

const NAME = '.credentials.json';
/** Neither the home of the tests nor below a folder that is private in every sandbox. */
const OUTSIDE = process.getuid?.() === 0 ? '/srv' : os.userInfo().homedir;

let place: Place;
let origin: SecretOrigin;
let reached: string[];
let seen: (string | undefined)[];
beforeEach(() => {
  seen = [];
  origin = new SecretOrigin((request, response) => {
    request.resume();
    seen.push(request.headers.authorization);
    response.end(request.headers.host === 'platform.claude.com' ? JSON.stringify(ISSUED) : 'ok');
  });
});
afterEach(() => {
  origin.close();
  place.remove();
});

describe.each(IDENTITIES)('as %s', (as) => {
  let outside: string;
  beforeEach(async () => {
    place = new Place(as);
    reached = await origin.listen('platform.claude.com', 'api.anthropic.com');
    outside = mkdtempSync(path.join(OUTSIDE, 'leash-login-'));
    place.own(outside);
  });
  afterEach(() => rmSync(outside, { recursive: true, force: true }));

  const claude = (folder: string, script: string, args: readonly string[] = []): Promise<LeashResult> => {
    place.write(
      path.join(place.home, 'bin/claude'),
      `#!/bin/sh\n${heldIn(path.join(folder, NAME))}\n${script}\n`,
      0o755,
    );
    return runLeash(place, {
      command: ['claude'],
      env: { PATH: `${place.home}/bin:${place.environment['PATH']}`, CLAUDE_CONFIG_DIR: folder },
      args: [...reached, ...args],
    });
  };
  const login = (folder: string): string => place.write(path.join(folder, NAME), JSON.stringify(LOGIN), 0o600);
  const use = `${CURL} -H "Authorization: Bearer $a" https://api.anthropic.com/; echo; cat $f; ${RENEW}`;
  const settings = '[volumes]\nclaude = true\n';

  it.each([
    ['in the home', () => path.join(place.home, 'accounts/work'), ''],
    ['below a folder that is private', () => path.join(place.root, 'claude'), ''],
    ['outside of it, where the folder is read-only', () => path.join(outside, 'claude'), ''],
    ['outside of it, among settings that are shown', () => path.join(outside, 'claude'), settings],
    ['in the home, among settings that are shown', () => path.join(place.home, 'accounts/work'), settings],
  ])('%s', async (_what, at, config) => {
    const folder = at();
    const file = login(folder);
    place.own(folder);
    if (config !== '') place.write(path.join(place.home, '.config/leash/config.toml'), config, 0o600);
    const { stdout, stderr, events } = await claude(folder, use);
    expect(seen[0], stderr).toBe(`Bearer ${ACCESS}`);
    for (const text of [stdout.toString(), stderr, JSON.stringify(events)]) expect(text).not.toMatch(REAL);
    expect(stderr).toContain(`the agent renewed the login in ${file}; the new one was written there`);
    expect(readFileSync(file, 'utf8')).toContain(ACCESS_2);
  });

  it('a link out of the home shows nothing of what it leads to', async () => {
    login(outside);
    place.write(path.join(outside, 'aws/credentials'), 'REAL4token');
    symlinkSync(path.join(outside, 'aws'), path.join(place.home, '.aws'));
    symlinkSync(outside, path.join(place.home, path.dirname(FILE)));
    const script = `cat ${outside}/${NAME} ${outside}/aws/credentials; ls ${outside}/aws; grep -rs REAL ${outside}; cat ~/${FILE} | head -c1`;
    for (const mode of ['enforce', 'shadow']) {
      const { stdout, stderr } = await claude(path.join(place.home, '.claude'), script, ['--mode', mode]);
      expect(stdout.toString(), stderr).toBe('{');
    }
  });

  it('a workspace that holds what a link of the home leads to shows none of it', async () => {
    place.write('netrc', 'REAL5token');
    mkdirSync(path.join(place.workspace, 'x'));
    symlinkSync(path.join(place.workspace, 'netrc'), path.join(place.home, '.netrc'));
    const script = 'cat netrc; mv netrc x/y; cat x/y; ln netrc x/z; cat x/z';
    expect((await claude(path.join(place.home, '.claude'), script)).stdout.toString()).toBe('');
  });
});
