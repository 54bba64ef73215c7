import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runLeash } from '../../run-leash.ts';

let home: string;
beforeEach(() => {
  home = realpathSync(mkdtempSync(path.join(tmpdir(), 'leash-show-')));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test('config path', () => {
  expect(runLeash(['config', 'path'], { LEASH_HOME: home }).stdout).toBe(`${home}/config.toml\n`);
  expect(runLeash(['config', 'path'], { LEASH_HOME: 'x' })).toMatchObject({ status: 125, stdout: '' });
});

test('config show: each setting with its place, and no value of a variable', () => {
  const env = { LEASH_HOME: home, LEASH_MODE: 'record' };
  expect(runLeash(['config', 'show'], { LEASH_HOME: home })).toMatchObject({ status: 0, stdout: '' });
  writeFileSync(
    path.join(home, 'config.toml'),
    `[leash]\nmode = "shadow"\n[leash.envvars]\nTOKEN = "s3cret"\n[volumes]\nclaude = true\n"/d" = "/e:ro"\n[secrets.a]\nenv = "A"\nhosts = ["a.test"]\n[mcp]\npins = "ask"\n`,
    { mode: 0o600 },
  );
  const { status, stdout } = runLeash(['config', 'show', '--json'], env);
  expect([
    status,
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ]).toEqual([
    0,
    [
      { setting: 'mode', value: 'record', from: 'LEASH_MODE' },
      { setting: 'variable TOKEN', value: '(not shown)', from: `${home}/config.toml:4` },
      { setting: 'settings of claude', value: 'mounted for review', from: `${home}/config.toml:6` },
      { setting: 'volume /d', value: '/e, read-only', from: `${home}/config.toml:7` },
      { setting: 'pins', value: 'ask', from: `${home}/config.toml:12` },
    ],
  ]);
  expect(runLeash(['config', 'show'], env).stdout).toMatch(/^SETTING +VALUE +FROM\nmode +record +LEASH_MODE\n/);
  expect(stdout + runLeash(['config', 'show'], env).stdout).not.toContain('s3cret');
});

test('config show: a fault is one line with its place, and a word that is no command is none', () => {
  writeFileSync(path.join(home, 'config.toml'), '[leash]\nmdoe = "x"\n', { mode: 0o600 });
  const { status, stderr } = runLeash(['config', 'show'], { LEASH_HOME: home });
  expect([status, stderr.split('\n')[0]]).toEqual([
    125,
    `leash: LEASH_CONFIG: ${home}/config.toml:2: leash has no key "mdoe"; did you mean mode?`,
  ]);
  expect(runLeash(['config', 'shwo']).stderr).toContain('did you mean');
});

test('config show: a webhook without its path, which may be a token, and no secret', () => {
  const text = '[approvals]\nwebhook = "https://hooks.example/t0ken?key=s3cret"\n';
  writeFileSync(path.join(home, 'config.toml'), text, { mode: 0o600 });
  const { stdout } = runLeash(['config', 'show', '--json'], { LEASH_HOME: home, LEASH_WEBHOOK_SECRET: 's3cret' });
  const rows = stdout.trim().split('\n');
  expect(rows.map((line) => JSON.parse(line))).toEqual([
    { setting: 'webhook', value: 'https://hooks.example/…', from: `${home}/config.toml:2` },
    { setting: 'webhook secret', value: '(not shown)', from: 'LEASH_WEBHOOK_SECRET' },
  ]);
});
