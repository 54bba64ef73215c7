// What a person configures reaches the agent, in its order; what the agent writes configures nothing.
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IDENTITIES, type LeashRequest, type LeashResult, PERMISSIVE, Place, runLeash } from '../fixtures/leash.ts';

describe.each(IDENTITIES)('configuration, as %s', (as) => {
  let place: Place;
  beforeEach(() => {
    place = new Place(as);
  });
  afterEach(() => place.remove());

  const configure = (text: string): string =>
    place.write(path.join(place.home, '.config/leash/config.toml'), text, 0o600);
  const sh = (script: string, more: Partial<LeashRequest> = {}): Promise<LeashResult> =>
    runLeash(place, { policy: PERMISSIVE, command: ['sh', '-c', script], ...more });

  it('variables: inherited, global, project, file, command line; each outweighs those before it', async () => {
    configure(
      `[leash.envvars]\nB = "global"\nC = "global"\nD = "global"\nE = "global"\n[projects."${place.workspace}".envvars]\nC = "project"\nD = "project"\nE = "project"\n`,
    );
    const file = place.write(path.join(place.root, 'variables'), '# mine\nD=file\nE=file\nPASSED\n');
    const { stdout } = await sh('echo $A $B $C $D $E $PASSED', {
      env: { A: 'inherited', B: 'inherited', PASSED: 'passed' },
      args: ['--env-file', file, '-e=E=line'],
    });
    expect(stdout.toString()).toBe('inherited global project file line passed\n');
  });

  it('policy and mode: a variable outweighs the project, and the command line outweighs both', async () => {
    const denying = place.write(
      path.join(place.home, '.config/leash/deny.cedar'),
      `${PERMISSIVE}
      forbid(principal, action in Action::"FileOpenReadWrite", resource in Dir::"@workspace/");`,
    );
    configure(`[leash]\npolicy = "./deny.cedar"\n[projects."${place.workspace}"]\nmode = "record"\n`);
    const write = async (more: Partial<LeashRequest>): Promise<string> =>
      (await runLeash(place, { command: ['sh', '-c', 'echo x >f; cat f; rm -f f'], ...more })).stdout.toString();
    expect(await write({})).toBe('x\n');
    expect(await write({ env: { LEASH_MODE: 'enforce' } })).toBe('');
    expect(await write({ env: { LEASH_MODE: 'enforce' }, args: ['--mode', 'record'] })).toBe('x\n');
    expect(existsSync(denying)).toBe(true);
  });

  it.each([
    ['not there', false],
    ['there', true],
  ])('$LEASH_HOME in the workspace, %s: the agent cannot make, change, move or read it', async (_what, isThere) => {
    const own = path.join(place.workspace, 'settings/leash');
    if (isThere) place.write('settings/leash/approvals.json', 'the secret');
    const script = `
      mkdir -p settings/leash; echo 'planted' >settings/leash/config.toml; cat settings/leash/*
      echo planted >x; ln x settings/leash/config.toml; mv x settings/leash/config.toml
      chmod 777 settings/leash; mv settings old; mkdir -p settings/leash; echo planted >settings/leash/config.toml; echo done`;
    const { stdout } = await sh(script, { env: { LEASH_HOME: own } });
    expect(stdout.toString()).toBe('done\n');
    expect(existsSync(path.join(own, 'config.toml'))).toBe(false);
    if (isThere) expect(readFileSync(path.join(own, 'approvals.json'), 'utf8')).toBe('the secret');
  });

  it.each([
    [
      'config.toml in the workspace',
      () => place.write('l/config.toml', '[leash]\nmode = "record"\n', 0o600),
      'l',
      'LEASH_CONFIG',
    ],
    ['the workspace itself', () => undefined, '.', 'LEASH_WORKSPACE'],
    ['what is above the workspace', () => undefined, '..', 'LEASH_WORKSPACE'],
  ])('$LEASH_HOME is %s: nothing is started', async (_what, prepare, name, code) => {
    prepare();
    const result = await sh('echo started', { env: { LEASH_HOME: path.join(place.workspace, name) } });
    expect([result.status, result.stdout.toString()]).toEqual([125, '']);
    expect(result.stderr).toContain(`leash: ${code}: `);
  });

  it('a file of variables that the last agent wrote asks for nothing of the user’s', async () => {
    await sh('echo FORGE_TOKEN >.env');
    const result = await sh('env', { env: { FORGE_TOKEN: 'the secret' }, args: ['--env-file', '.env'] });
    expect([result.status, result.stdout.toString()]).toEqual([125, '']);
    expect(result.stderr).toContain('pass FORGE_TOKEN on with --env FORGE_TOKEN');
    expect(result.stderr).not.toContain('the secret');
  });

  it('what others can write is not read, and a fault starts nothing', async () => {
    const file = configure('[leash]\nmdoe = "record"\n');
    expect((await sh('echo started')).stderr).toContain(
      `LEASH_CONFIG: ${file}:2: leash has no key "mdoe"; did you mean mode?`,
    );
    place.write(file, '[leash]\nmode = "record"\n');
    chmodSync(file, 0o666);
    const result = await sh('echo started');
    expect([result.status, result.stdout.toString()]).toEqual([125, '']);
    expect(result.stderr).toContain('others than you may write to');
  });

  it('tokens of agents that lie elsewhere than in the home are not seen', async () => {
    const folder = path.join(place.workspace, 'claude');
    place.write('claude/.credentials.json', 'the secret');
    place.write('claude/settings.json', 'settings');
    const { stdout } = await sh(`cd claude; cat settings.json .credentials.json; mv .credentials.json x; cat x`, {
      env: { CLAUDE_CONFIG_DIR: folder },
    });
    expect(stdout.toString()).toBe('settings');
    expect(readFileSync(path.join(folder, '.credentials.json'), 'utf8')).toBe('the secret');
  });

  it('nor where a volume shows them, whatever the mode', async () => {
    const folder = path.join(place.home, 'work-claude');
    place.write(path.join(folder, '.credentials.json'), 'the secret');
    place.write(path.join(folder, 'settings.json'), 'settings');
    for (const access of ['ro', 'rw', 'review']) {
      const { stdout, stderr } = await sh(`cd ${folder}; cat settings.json .credentials.json`, {
        env: { CLAUDE_CONFIG_DIR: folder },
        args: ['--mode', 'shadow', '-v', `${folder}:${access}`],
      });
      expect(stdout.toString(), stderr).toBe('settings');
    }
  });
});
