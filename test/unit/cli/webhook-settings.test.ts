import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { webhookSettings } from '../../../src/cli/webhook-settings.ts';
import { readConfigText } from '../../../src/config/read-text.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
let folder: string;
beforeEach(() => {
  folder = path.join(realpathSync(mkdtempSync(path.join(tmpdir(), 'leash-hook-'))), 'leash');
  mkdirSync(folder);
});
afterEach(() => rmSync(path.dirname(folder), { recursive: true, force: true }));

const settings = (file: string | undefined, env: Readonly<Record<string, string>> = {}) => {
  const more = file === undefined ? '' : `secret_file = ${JSON.stringify(file)}\n`;
  const text = `[approvals]\nwebhook = "https://hooks.example/t0ken"\n${more}`;
  const context = { file: path.join(folder, 'config.toml'), home: folder, folder, env: {}, agents: [] };
  return webhookSettings(readConfigText(text, context), env);
};
const write = (name: string, text: string): string => {
  const file = path.join(folder, name);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
};

test('none is configured', () => {
  expect(webhookSettings(undefined, { LEASH_WEBHOOK_SECRET: SECRET })).toBeUndefined();
});

test('the secret is of a file, or of a variable', () => {
  const wanted = { url: 'https://hooks.example/t0ken', secret: Buffer.alloc(32, 7) };
  write('secret', `${SECRET}\n`);
  expect(settings('secret')).toEqual(wanted);
  expect(settings(undefined, { LEASH_WEBHOOK_SECRET: SECRET })).toEqual(wanted);
});

test('a file that others read, that lies elsewhere, or that is none is not used', () => {
  expect(() => settings(undefined)).toThrow('config.toml:2: a webhook is signed; give secret_file');
  expect(() => settings('missing')).toThrow('config.toml:3: ');
  chmodSync(write('open', SECRET), 0o640);
  expect(() => settings('open')).toThrow('others than you may read it');
  const outside = path.join(path.dirname(folder), 'outside');
  writeFileSync(outside, SECRET, { mode: 0o600 });
  expect(() => settings('../outside')).toThrow('it does not lie in');
  symlinkSync(outside, path.join(folder, 'link'));
  expect(() => settings('link')).toThrow('it does not lie in');
  write('long', 'x'.repeat(5_000));
  expect(() => settings('long')).toThrow('longer than 4096 bytes');
});

test('what is no secret is in no message', () => {
  write('wrong', 'swordfish!');
  expect(() => settings('wrong')).toThrow(/holds no secret of the form whsec_/);
  expect(() => settings('wrong')).not.toThrow(/swordfish|t0ken/);
});
