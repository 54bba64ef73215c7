// The real git, in the sandbox, against git's own HTTP server: fetching and pushing are told apart, repositories too, and who asks.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FORGE, GitForge } from '../fixtures/git-forge.ts';
import { IDENTITIES, type LeashResult, Place, runLeash } from '../fixtures/leash.ts';

const URL_OF = (name: string): string => `http://${FORGE}/${name}.git`;
const GIT = 'context.proc.exe in Dir::"/usr/lib/git-core/"';
const BASE = `
permit(principal, action in [Action::"FileOpen", Action::"ProcessExec"], resource);
permit(principal, action in [Action::"DnsResolve", Action::"NetConnect"], resource == Host::"${FORGE}");`;
/** Only git may reach the forge, to fetch what belongs to the team. */
const FETCH = `${BASE}
@id("fetch") permit(principal, action == Action::"HttpRequest", resource in Repository::"${FORGE}/team/")
when { context has git && context.git.operation == "fetch" && ${GIT} };`;
const NO_PUSH = `${BASE}
permit(principal, action == Action::"HttpRequest", resource == Host::"${FORGE}");
@id("no-push") @reason("Nothing is published by the agent.")
forbid(principal, action == Action::"HttpRequest", resource) when { context has git && context.git.operation == "push" };`;

describe.each(IDENTITIES)('as %s', (as) => {
  let place: Place;
  let forge: GitForge;
  let port: number;
  beforeEach(async () => {
    place = new Place(as);
    forge = new GitForge();
    forge.add('team/app');
    forge.add('other/app');
    port = await forge.listen();
  });
  afterEach(() => {
    forge.close();
    place.remove();
  });

  const sh = (policy: string, script: string): Promise<LeashResult> => {
    const identity = 'git config --global user.name a; git config --global user.email a@example;';
    return runLeash(place, {
      policy,
      args: ['--resolve', `${FORGE}:80:127.0.0.1:${port}`],
      command: ['sh', '-c', `export GIT_TERMINAL_PROMPT=0; ${identity} ${script}`],
    });
  };
  const requests = ({ events }: LeashResult, effect: string) =>
    events.filter((event) => event.action === 'HttpRequest' && event.effect === effect);
  const push = 'cd app && git commit -q --allow-empty -m second && git push origin main';

  it('a clone, a fetch and a push where all is permitted', async () => {
    const policy = `${BASE} permit(principal, action == Action::"HttpRequest", resource == Host::"${FORGE}");`;
    const result = await sh(policy, `git clone -q ${URL_OF('team/app')} && ${push} && git fetch -q`);
    expect([result.status, result.stderr.toString()]).toEqual([0, expect.stringContaining('main -> main')]);
    expect(forge.log('team/app')).toEqual(['second', 'first']);
    const repository = `${FORGE}/team/app`;
    expect(
      new Set(requests(result, 'allow').map(({ detail }) => `${detail?.['git']} ${detail?.['repository']}`)),
    ).toEqual(new Set([`fetch ${repository}`, `push ${repository}`]));
  });

  it('a clone goes through and a push is refused, in words that git shows', async () => {
    const result = await sh(NO_PUSH, `git clone -q ${URL_OF('team/app')} && ${push}`);
    expect(result.status).not.toBe(0);
    expect(existsSync(path.join(place.workspace, 'app/.git'))).toBe(true);
    expect(forge.log('team/app')).toEqual(['first']);
    expect(result.stderr.toString()).toContain(`git push of ${FORGE}/team/app`);
    expect(result.stderr.toString()).toContain('Nothing is published by the agent.');
    expect(requests(result, 'deny')).toMatchObject([
      {
        policies: ['no-push'],
        detail: { git: 'push', repository: `${FORGE}/team/app`, status: 403, path: '/team/app.git/info/refs' },
      },
    ]);
    expect(forge.asked.filter((line) => line.includes('receive-pack'))).toEqual([]);
  });

  it('a push that skips the question for references is refused all the same', async () => {
    const bodies = [
      'git-receive-pack',
      'git%2Dreceive-pack',
      'git-receive-pack/',
      'git-receive-pack;x',
      '/git-receive-pack',
    ];
    const posts = bodies
      .map((name) => `curl -s -o /dev/null -w '%{http_code} ' --data-binary 0000 '${URL_OF('team/app')}/${name}'`)
      .join('; ');
    const result = await sh(NO_PUSH, posts);
    expect(result.stdout.toString().trim().split(' ')).toEqual(['403', '403', '403', '400', '400']);
    expect(forge.asked).toEqual([]);
  });

  it('only git reaches the forge, and there only the repositories of the team', async () => {
    const result = await sh(
      FETCH,
      `git clone -q ${URL_OF('team/app')}; git clone -q ${URL_OF('other/app')} other; curl -sS '${URL_OF('team/app')}/info/refs?service=git-upload-pack'`,
    );
    expect(existsSync(path.join(place.workspace, 'app/.git'))).toBe(true);
    expect(existsSync(path.join(place.workspace, 'other/.git'))).toBe(false);
    expect(result.stdout.toString()).toContain('is not permitted: no policy permits it');
    expect(forge.asked.every((line) => line.includes('/team/app.git/'))).toBe(true);
    const allowed = requests(result, 'allow');
    expect(allowed.length).toBeGreaterThan(1);
    for (const { who } of allowed) {
      expect(who?.exe).toContain('/git-core/git-remote-http');
      expect(who?.argv?.join(' ')).toContain('team/app.git');
      expect(who?.pid).toBeGreaterThan(1);
    }
    const denied = requests(result, 'deny');
    expect(denied.map(({ detail, who }) => [detail?.['repository'], path.basename(who?.exe ?? '')])).toEqual([
      [`${FORGE}/other/app`, expect.stringMatching(/^git-remote-http/)],
      [`${FORGE}/team/app`, 'curl'],
    ]);
  });
});
