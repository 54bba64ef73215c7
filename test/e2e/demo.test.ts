// `leash demo`, whole: an agent in the sandbox, its model on loopback; judged by the journal, the project and what the model learned.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FORBIDDEN_HOST, NOTE } from '../../src/cli/demo/attempts.ts';
import { FAULT, notesFile, SECRET, sourceFile } from '../../src/cli/demo/project.ts';
import { PACKAGE_ROOT } from '../../src/host/paths.ts';
import type { Event } from '../../src/schema/event.ts';

const MAIN = path.join(PACKAGE_ROOT, 'dist/run/main.js');
const RUN_LIMIT_MS = 240_000;
/** Stands for a person's private key: it must not be seen by anybody. */
const DECOY = 'DECOY-PRIVATE-KEY-3f9c';

let root: string;
let env: NodeJS.ProcessEnv;

beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'leash-demo-test-'));
  const home = path.join(root, 'home');
  mkdirSync(path.join(home, '.ssh'), { recursive: true, mode: 0o700 });
  writeFileSync(path.join(home, '.ssh/id_ed25519'), DECOY);
  env = {
    ...process.env,
    HOME: home,
    XDG_STATE_HOME: path.join(root, 'state'),
    XDG_DATA_HOME: path.join(root, 'data'),
    XDG_CACHE_HOME: path.join(root, 'cache'),
    XDG_CONFIG_HOME: path.join(root, 'config'),
    // npm's own cache and settings, so that an agent which is there already is not fetched again.
    npm_config_cache: process.env['npm_config_cache'] ?? path.join(os.homedir(), '.npm'),
    npm_config_userconfig: process.env['npm_config_userconfig'] ?? path.join(os.homedir(), '.npmrc'),
  };
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function leash(...args: readonly string[]): Run {
  return spawnSync(process.execPath, [MAIN, ...args], {
    env,
    encoding: 'utf8',
    timeout: RUN_LIMIT_MS,
    maxBuffer: 1 << 26,
  });
}

interface Demo extends Run {
  readonly workspace: string;
  readonly events: readonly Event[];
}

function demo(agent: string): Demo {
  const run = leash('demo', '--agent', agent, '--keep');
  const session = /leash events --session (\S+) --denied/.exec(run.stdout)?.[1];
  const workspace = /the project is in (.+)/.exec(run.stderr)?.[1];
  if (session === undefined || workspace === undefined) throw new Error(`no session:\n${run.stdout}\n${run.stderr}`);
  const { stdout } = leash('events', '--session', session, '--json');
  const events = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Event);
  return { ...run, workspace, events };
}

const nameOf = ({ resource }: Event): string => (resource.type === 'path' ? resource.path : resource.name);

/** Everything the journal has on one action and resource. */
function traces({ events }: Demo, action: Event['action'], name: string): readonly Event[] {
  return events.filter((event) => event.action === action && nameOf(event) === name);
}

function expectStopped(run: Demo, action: Event['action'], name: string, policy: string): void {
  const found = traces(run, action, name);
  expect(found.length, `${action} ${name}`).toBeGreaterThan(0);
  for (const event of found) {
    const text = JSON.stringify(event);
    expect(event, text).toMatchObject({ effect: 'deny', enforced: true });
    expect(event.policies, text).toContain(policy);
    expect(event.reason, text).toBeTruthy();
  }
}

function expectWorkDone(run: Demo): void {
  expect(readFileSync(sourceFile(run.workspace), 'utf8')).toContain(FAULT.fixed);
  expect(readFileSync(notesFile(run.workspace), 'utf8')).toBe(`${NOTE}\n`);
  const { NODE_TEST_CONTEXT: _context, ...clean } = process.env;
  expect(spawnSync(process.execPath, ['--test'], { cwd: run.workspace, env: clean }).status).toBe(0);
  const requests = traces(run, 'HttpRequest', 'api.anthropic.com');
  expect(requests.length).toBeGreaterThan(5);
  for (const request of requests) expect(request).toMatchObject({ effect: 'allow', enforced: true });
}

function expectMisdeedsStopped(run: Demo): void {
  const outside = /rm -f '(?<file>[^']+)'/.exec(run.stdout)?.groups?.['file'] ?? '';
  const program = /run (?<program>\/usr\/bin\/\S+)/.exec(run.stdout)?.groups?.['program'] ?? '';
  expectStopped(run, 'FileOpenReadOnly', path.join(run.workspace, 'secrets/prod.key'), 'demo-project-secrets');
  expectStopped(run, 'ProcessExec', program, 'demo-programs');
  expectStopped(run, 'FileDelete', outside, 'demo-agent-store');
  expect(existsSync(outside)).toBe(true);
  expectStopped(run, 'DnsResolve', FORBIDDEN_HOST, 'demo-model-only');
  expect(traces(run, 'NetConnect', FORBIDDEN_HOST)).toEqual([]);
  const key = traces(run, 'FileOpenReadOnly', path.join(env['HOME'] ?? '', '.ssh/id_ed25519'));
  expect(key.length).toBeGreaterThan(0);
  for (const event of key) expect(event.effect === 'deny' || event.error === 'ENOENT').toBe(true);
}

/** Nothing the demo printed or recorded holds a secret, and no host was reached but the model's. */
function expectNothingLeaked(run: Demo): void {
  const recorded = `${run.stdout}${run.stderr}${JSON.stringify(run.events)}`;
  for (const secret of [SECRET, DECOY]) expect(recorded).not.toContain(secret);
  const connected = run.events
    .filter(({ action, effect }) => action === 'NetConnect' && effect === 'allow')
    .map(nameOf);
  expect(new Set(connected)).toEqual(new Set(['api.anthropic.com']));
}

function expectWholeDemo(run: Demo): void {
  try {
    expect(run.stdout).not.toContain('unexpected:');
    expect(run.status).toBe(0);
    expectWorkDone(run);
    expectMisdeedsStopped(run);
    expectNothingLeaked(run);
  } finally {
    rmSync(path.dirname(run.workspace), { recursive: true, force: true });
  }
}

describe('leash demo', () => {
  test('with the built-in agent', { timeout: RUN_LIMIT_MS }, () => {
    expectWholeDemo(demo('built-in'));
  });

  test('with claude-code from the agent store', { timeout: RUN_LIMIT_MS }, (context) => {
    const run = demo('claude');
    // Without a package registry the demo says so and takes the built-in agent, which must then do as well.
    const isReplaced = run.stderr.includes('claude cannot be installed');
    expect(run.stdout).toContain(isReplaced ? 'the built-in scripted agent' : 'claude-code 2.1.197');
    expectWholeDemo(run);
    if (isReplaced) context.skip('claude-code cannot be installed here');
    const store = path.join(root, 'data/leash/agents/claude/2.1.197');
    const program = run.events.find(
      ({ action, resource }) => action === 'ProcessExec' && resource.type === 'path' && resource.path.startsWith(store),
    );
    expect(program).toMatchObject({ effect: 'allow' });
  });

  test('without --keep nothing is left of the project', { timeout: RUN_LIMIT_MS }, () => {
    const { stdout } = leash('demo', '--agent', 'built-in');
    const workspace = /▸ Read {2}(.+)\/README\.md/.exec(stdout)?.[1];
    expect(workspace).toMatch(/\/leash-demo-/);
    expect(existsSync(path.dirname(workspace ?? '/'))).toBe(false);
  });
});
