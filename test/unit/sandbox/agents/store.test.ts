// The agent store, with the real npm against a registry on loopback.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LeashError } from '../../../../src/host/errors.ts';
import type { InstallableAgent } from '../../../../src/sandbox/agents/agent.ts';
import { agentsDir, ensureAgent, installAgent } from '../../../../src/sandbox/agents/store.ts';
import { type Registry, startRegistry } from './registry.ts';

const MANIFEST = {
  name: '@leash-test/toy',
  version: '1.2.3',
  bin: { toy: 'toy.js' },
  // Like claude-code: without its install script the package has no working program.
  scripts: { postinstall: 'node install.cjs' },
};
const FILES = {
  'toy.js': '#!/bin/sh\necho "the install script has not run"; exit 1\n',
  'install.cjs': `
    const fs = require('node:fs');
    fs.writeFileSync('toy.js', '#!/bin/sh\\necho 1.2.3 "(Toy)" "$TOY_SETTING"\\n');
    fs.writeFileSync('seen-by-install-script.json', JSON.stringify(process.env));
  `,
};

let folder: string;
let registry: Registry;
let env: Record<string, string>;
let toy: InstallableAgent;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'leash-store-test-'));
  registry = await startRegistry(path.join(folder, 'registry'), MANIFEST, FILES);
  env = {
    PATH: process.env['PATH'] ?? '',
    HOME: path.join(folder, 'home'),
    XDG_DATA_HOME: path.join(folder, 'data'),
    npm_config_cache: path.join(folder, 'cache'),
    npm_config_registry: registry.url,
    SOME_SECRET: 'must not be seen',
    npm_config_prefix: path.join(folder, 'elsewhere'),
  };
  mkdirSync(env['HOME'] ?? '');
  toy = {
    name: 'toy',
    package: { name: MANIFEST.name, version: MANIFEST.version, integrity: registry.integrity, isTrusted: true },
    bin: 'toy',
    environment: { TOY_SETTING: 'quiet' },
    credentials: [],
    hosts: [],
    logins: [],
    settings: [],
    tokenFiles: [],
    mcpConfig: [],
    trust: [],
    profile: 'base',
  };
});

afterEach(async () => {
  await registry.close();
  rmSync(folder, { recursive: true, force: true });
});

async function failureOf(work: Promise<unknown>): Promise<LeashError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof LeashError)) throw new Error(`expected a LeashError, got ${String(error)}`);
  expect(error.code).toBe('LEASH_AGENT_INSTALL');
  return error;
}

const pinned = (change: Partial<InstallableAgent['package']>): InstallableAgent => ({
  ...toy,
  package: { ...toy.package, ...change },
});

const toyFolder = (): string => path.join(agentsDir(env), 'toy');

describe('installAgent', () => {
  test('installs into <store>/<name>/<version>, with the install script run, and nowhere else', async () => {
    const lines: string[] = [];
    const installed = await installAgent(toy, { env, onProgress: (line) => lines.push(line) });
    expect(installed.root).toBe(path.join(folder, 'data/leash/agents/toy/1.2.3'));
    expect(installed.version).toBe('1.2.3');
    expect(execFileSync(installed.command, ['--version'], { encoding: 'utf8' })).toContain('1.2.3 (Toy)');
    expect(lines).toHaveLength(1);
    expect(readdirSync(toyFolder())).toEqual(['1.2.3']);
    expect(statSync(installed.root).mode & 0o777).toBe(0o755);
    expect(readdirSync(env['HOME'] ?? '')).toEqual([]);
    expect(() => statSync(path.join(folder, 'elsewhere'))).toThrow();
  });

  test('the install script does not see the environment of the caller', async () => {
    const { root } = await installAgent(toy, { env });
    const seen = readFileSync(path.join(root, 'node_modules', MANIFEST.name, 'seen-by-install-script.json'), 'utf8');
    expect(seen).toContain('"npm_lifecycle_event":"postinstall"');
    expect(seen).not.toContain('must not be seen');
  });

  test('a second call finds what is there and needs no registry', async () => {
    const first = await installAgent(toy, { env });
    await registry.close();
    const lines: string[] = [];
    const second = await installAgent(toy, { env, onProgress: (line) => lines.push(line) });
    expect(second).toEqual(first);
    expect(lines).toEqual([]);
    registry = await startRegistry(path.join(folder, 'again'), MANIFEST, FILES);
  });

  test('two at once: both get the one installation', async () => {
    const [left, right] = await Promise.all([installAgent(toy, { env }), installAgent(toy, { env })]);
    expect(left).toEqual(right);
    expect(readdirSync(toyFolder())).toEqual(['1.2.3']);
  });

  test('a damaged installation is replaced', async () => {
    const { root, command } = await installAgent(toy, { env });
    rmSync(path.join(root, 'node_modules', MANIFEST.name, 'package.json'));
    const again = await installAgent(toy, { env });
    expect(again.command).toBe(command);
    expect(readFileSync(path.join(root, 'node_modules', MANIFEST.name, 'package.json'), 'utf8')).toContain('1.2.3');
  });

  test('what a killed installation left behind is removed, what a running one works in is not', async () => {
    // Above the largest process id there can be. Source: proc(5), pid_max.
    const abandoned = path.join(toyFolder(), '.install-4194305-abcdef');
    const running = path.join(toyFolder(), `.install-${process.pid}-abcdef`);
    mkdirSync(abandoned, { recursive: true });
    mkdirSync(running);
    await installAgent(toy, { env });
    expect(readdirSync(toyFolder()).sort()).toEqual([path.basename(running), '1.2.3'].sort());
  });

  test('a tarball other than the pinned one is refused and leaves nothing', async () => {
    const error = await failureOf(installAgent(pinned({ integrity: 'sha512-AAAA' }), { env }));
    expect(error.message).toContain('integrity');
    expect(readdirSync(toyFolder())).toEqual([]);
  });

  test('a program that names another version is refused and leaves nothing', async () => {
    await registry.close();
    const files = { ...FILES, 'install.cjs': FILES['install.cjs'].replace('echo 1.2.3', 'echo 11.2.3') };
    registry = await startRegistry(path.join(folder, 'other'), MANIFEST, files);
    const options = { env: { ...env, npm_config_registry: registry.url } };
    const error = await failureOf(installAgent(pinned({ integrity: registry.integrity }), options));
    expect(error.message).toContain('11.2.3');
    expect(readdirSync(toyFolder())).toEqual([]);
  });

  test('a version that the registry does not have', async () => {
    const error = await failureOf(installAgent(pinned({ version: '9.9.9' }), { env }));
    expect(error.details.join('\n')).toContain('ETARGET');
  });

  test('a registry that cannot be reached', async () => {
    const error = await failureOf(installAgent(toy, { env: { ...env, npm_config_registry: 'http://127.0.0.1:9/' } }));
    expect(error.details.join('\n')).toContain('ECONNREFUSED');
    expect(readdirSync(toyFolder())).toEqual([]);
  });

  test('a store that cannot be written', async () => {
    writeFileSync(path.join(folder, 'data'), 'a file where a folder should be');
    const error = await failureOf(installAgent(toy, { env }));
    expect(error.message).toContain('cannot write');
  });
});

describe('ensureAgent', () => {
  test('an unknown name is refused, with the names there are', async () => {
    const error = await failureOf(ensureAgent('nobody', { env }));
    expect(error.message).toContain('claude');
  });
});
