import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { certificatesIn, systemBundle, TRUST_FILE_VARIABLES, userRoots } from '../../../src/host/roots.ts';
import { createSessionCa } from '../../../src/proxy/tls/session-ca.ts';

const [system, company, other] = [createSessionCa(), createSessionCa(), createSessionCa()].map(
  ({ certificatePem }) => certificatePem,
) as [string, string, string];

let root: string;
let workspace: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'leash-roots-')));
  workspace = path.join(root, 'workspace');
  mkdirSync(workspace);
  write('system/bundle.crt', system);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(name: string, content: string): string {
  const file = path.join(root, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

const roots = (env: Record<string, string>) =>
  userRoots(env, workspace, systemBundle([path.join(root, 'system/bundle.crt')]));

test('the system has one bundle, whatever names lead to it', () => {
  const [bundle, link] = [path.join(root, 'system/bundle.crt'), path.join(root, 'link.pem')];
  symlinkSync(bundle, link);
  expect(systemBundle([path.join(root, 'absent'), link, bundle])).toEqual({
    places: [bundle],
    pem: Buffer.from(system),
  });
  expect(systemBundle([])).toEqual({ places: [], pem: Buffer.alloc(0) });
});

test.each(TRUST_FILE_VARIABLES)('%s adds its roots to the system’s', (variable) => {
  const file = write('company.pem', company);
  expect(roots({ [variable]: file })).toEqual({ pem: [company], files: [file], notes: [] });
});

test('npm reads its variable in any case', () => {
  expect(roots({ NPM_CONFIG_CAFILE: write('company.pem', company) }).pem).toEqual([company]);
});

test('nothing is added by no variable, an empty one, the system’s own bundle, or one that names none', () => {
  const none = { pem: [], files: [], notes: [] };
  expect(roots({})).toEqual(none);
  expect(roots({ SSL_CERT_FILE: '' })).toEqual(none);
  expect(roots({ SSL_CERT_FILE: path.join(root, 'system/bundle.crt') })).toEqual(none);
  expect(roots({ CONDA_SSL_VERIFY: 'false' })).toEqual(none);
});

test('a certificate that the system or another file has is not added twice', () => {
  const first = write('one.pem', `${system}${company}`);
  const second = write('two.pem', company.replaceAll('\n', '\r\n'));
  expect(roots({ SSL_CERT_FILE: first, CURL_CA_BUNDLE: second, PIP_CERT: first })).toEqual({
    pem: [company],
    files: [first, second],
    notes: [],
  });
});

test('folders of SSL_CERT_DIR are read, one file of several names once', () => {
  const file = write('folder/company.pem', company);
  symlinkSync(file, path.join(root, 'folder/0badcafe.0'));
  const second = write('second/other.pem', other);
  const { pem, notes } = roots({ SSL_CERT_DIR: `${root}/folder:${path.dirname(second)}:${root}/system` });
  expect(pem.toSorted()).toEqual([company, other].toSorted());
  expect(notes).toEqual([]);
});

test('only certificates are taken: no key, no comment, nothing that cannot be read as one', () => {
  const key = execFileSync('openssl', ['ecparam', '-genkey', '-name', 'prime256v1']).toString();
  const broken = company.replace(/\n[A-Za-z0-9+/]{64}\n/, '\nAAAA\n');
  const { pem } = roots({ SSL_CERT_FILE: write('mixed.pem', `# secret\n${key}${broken}\n${company}secret`) });
  expect(pem).toEqual([company]);
  expect(pem.join('')).not.toMatch(/KEY|secret/);
});

test('a file in the workspace, where the agent writes, is not trusted, whatever leads to it', () => {
  const file = write('workspace/ca.pem', company);
  symlinkSync(file, path.join(root, 'link.pem'));
  for (const named of [file, path.join(root, 'link.pem')]) {
    const { pem, files, notes } = roots({ SSL_CERT_FILE: named });
    expect([pem, files]).toEqual([[], []]);
    expect(notes).toEqual([`SSL_CERT_FILE names ${named}, which lies in the workspace; it is not used`]);
  }
  expect(roots({ SSL_CERT_DIR: workspace })).toMatchObject({ pem: [], files: [] });
});

test('what is not there, no file, too large, or not ours to read is one note, and never holds the start', () => {
  const pipe = path.join(root, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const large = write('large.pem', company.padEnd((4 << 20) + 1, '\n'));
  const note = (named: string): string => roots({ NODE_EXTRA_CA_CERTS: named }).notes.join();
  expect(note('/absent')).toBe('NODE_EXTRA_CA_CERTS names /absent, which is not there; it is not used');
  expect(note(pipe)).toMatch(/is no file; it is not used$/);
  expect(note(root)).toMatch(/is no file; it is not used$/);
  expect(note(large)).toMatch(/has more than 4 MiB; it is not used$/);
  if (process.getuid?.() === 0) return;
  const closed = write('closed.pem', company);
  chmodSync(closed, 0);
  expect(note(closed)).toMatch(/cannot be read; it is not used$/);
});

test('certificates are split, and brought into one form', () => {
  const long = `comment\n${company.replace(/(.{64})\n(.{64})/, '$1$2')}\n${other}`;
  expect(certificatesIn(long)).toEqual([company, other]);
  expect(certificatesIn('-----BEGIN CERTIFICATE-----\n')).toEqual([]);
});
