// What lies where programs look for roots, in a real sandbox: the user's company is in it, what the agent could have planted is not, and nobody changes it.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificatesIn } from '../../src/host/roots.ts';
import { createSessionCa } from '../../src/proxy/tls/session-ca.ts';
import { IDENTITIES, type LeashResult, PERMISSIVE, Place, runLeash } from '../fixtures/leash.ts';

const [company, planted, operator] = [createSessionCa(), createSessionCa(), createSessionCa()].map(
  ({ certificatePem }) => certificatePem,
) as [string, string, string];

/** Each line says what came of one attempt. */
const SCRIPT = `
try() { if sh -c "$1" 2>/dev/null; then echo "done: $1"; else echo "refused: $1"; fi; }
try 'echo x >/run/leash/ca-bundle.pem'
try 'echo x >>/run/leash/ca.pem'
try 'rm -f /run/leash/ca.pem'
try 'mv /run/leash /run/other'
for folder in /etc/ssl/certs /etc/pki/tls/certs; do
  test -d $folder || continue
  try "cp planted.pem $folder/0badcafe.0"
  try "for link in $folder/*.0; do rm \\$link || exit 1; done"
  try "ln -sf $PWD/planted.pem $folder/ca-certificates.crt"
  try "mv $folder $folder.old"
done
echo "bundle:"; cat "$SSL_CERT_FILE"
echo "added:"; cat "$NODE_EXTRA_CA_CERTS"
echo "named:"; cat "$COMPANY_FILE"
`;

describe.each(IDENTITIES)('as %s', (as) => {
  const place = new Place(as);
  let result: LeashResult;
  const shown = (word: string): string[] =>
    certificatesIn((result.stdout.toString().split(`${word}:\n`)[1] ?? '').split(/^[a-z]+:$/m)[0] ?? '');

  beforeAll(async () => {
    const key = execFileSync('openssl', ['ecparam', '-genkey', '-name', 'prime256v1']).toString();
    const named = place.write(path.join(place.root, 'company.pem'), `${key}${company}`);
    place.write('planted.pem', planted);
    const ca = place.write(path.join(place.root, 'operator.pem'), operator);
    result = await runLeash(place, {
      policy: PERMISSIVE,
      command: ['sh', '-c', SCRIPT],
      args: ['--ca', ca],
      env: {
        CURL_CA_BUNDLE: named,
        SSL_CERT_FILE: path.join(place.workspace, 'planted.pem'),
        SSL_CERT_DIR: place.workspace,
        NPM_CONFIG_CAFILE: path.join(place.root, 'absent.pem'),
        COMPANY_FILE: named,
      },
    });
  });
  afterAll(() => place.remove());

  it('the bundle has the roots of the user’s variables and of `--ca`, and so has the file that a variable named', () => {
    for (const word of ['bundle', 'added', 'named']) {
      expect([company, operator].map((root) => shown(word).includes(root))).toEqual([true, true]);
    }
    expect(shown('named').join('') === shown('bundle').join('')).toBe(true);
  });

  it('a certificate in the workspace is not trusted, and a person is told', () => {
    expect(certificatesIn(result.stdout.toString()).includes(planted)).toBe(false);
    expect(result.stderr).toMatch(/^leash: SSL_CERT_FILE names .*, which lies in the workspace; it is not used$/m);
    expect(result.stderr).toMatch(/^leash: npm_config_cafile names .*, which is not there; it is not used$/m);
  });

  it('the private key beside the company’s certificate does not reach the sandbox', () => {
    expect(result.stdout.includes('PRIVATE KEY')).toBe(false);
  });

  it('nothing of it can be changed, removed or moved', () => {
    const said = result.stdout.toString().split('bundle:')[0] ?? '';
    expect(said).not.toContain('done:');
    expect(said.match(/^refused: /gm)?.length).toBeGreaterThanOrEqual(4);
  });
});
