// Images that have certificates, Java and users of their own in; what Leash puts into them before the agent is there, and where it puts nothing, out.
import { mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ENGINES, engineMissing, Lab } from '../fixtures/containers.ts';
import { type LeashRequest, type LeashResult, PERMISSIVE, Place, runLeash } from '../fixtures/leash.ts';

const UID = process.getuid?.() ?? 0;
/** Looks in a folder of certificates, and in no bundle. */
const verify = (folder: string): string => `openssl verify -no-CAfile -no-CAstore -CApath ${folder} /run/leash/ca.pem`;

function arrange(tree: string): void {
  for (const folder of ['etc/ssl/certs/java', 'opt/java/lib/security', 'etc/pki/trust', 'shown'])
    mkdirSync(path.join(tree, folder), { recursive: true });
  writeFileSync(path.join(tree, 'opt/java/lib/security/cacerts'), 'of the image');
  // An image may lead Leash to a place of the host's.
  symlinkSync('/shown', path.join(tree, 'etc/pki/trust/anchors'));
}

describe.each(ENGINES)('%s', { timeout: 120_000 }, (name) => {
  const missing = engineMissing(name);
  let lab: Lab;
  let image: string;
  let place: Place;
  beforeAll(async () => {
    if (missing !== undefined) return;
    lab = await Lab.open(name);
    image = lab.imageWith({ programs: ['openssl'], arrange }, 'java', 'ENV JAVA_HOME=/opt/java');
  }, 120_000);
  afterAll(() => lab?.close());
  beforeEach((context) => {
    if (missing !== undefined) context.skip(missing);
    place = new Place();
  });
  afterEach(() => place?.remove());

  const sh = (script: string, more: Partial<LeashRequest> & { image?: string } = {}): Promise<LeashResult> =>
    runLeash(place, {
      policy: PERMISSIVE,
      command: ['sh', '-c', script],
      env: lab.env,
      args: ['--backend', name, '--image', more.image ?? image, ...(more.args ?? [])],
    });

  test('who looks in the folder of certificates finds the session’s; in another nobody does', async () => {
    const { stdout, stderr } = await sh(`${verify('/etc/ssl/certs')}; ${verify('/opt')}`);
    expect(stdout.toString(), stderr).toBe('/run/leash/ca.pem: OK\n');
    expect(stderr).toContain('verification failed');
  });

  test('Java’s own stores are Leash’s', async () => {
    const { stdout } = await sh(
      'for s in $JAVA_HOME/lib/security/cacerts /etc/ssl/certs/java/cacerts; do head -c 4 $s | od -An -tx1; done',
    );
    expect(stdout.toString()).toBe(' fe ed fe ed\n fe ed fe ed\n');
  });

  test('nothing is put through a link of the image into a place of the host’s', async () => {
    const shown = path.dirname(place.write('shown/kept', 'kept'));
    const { stdout, stderr } = await sh('ls /etc/pki/trust/anchors', { args: ['-v', `${shown}:/shown`] });
    expect(stdout.toString(), stderr).toBe('kept\n');
    expect(readdirSync(shown)).toEqual(['kept']);
  });

  test('folders that the engine makes in the home for mounts are the agent’s, and what is mounted stays whose it is', async () => {
    const data = path.dirname(place.write(path.join(place.root, 'data/file'), 'data'));
    const before = statSync(path.join(data, 'file'));
    const other = UID === 0 ? lab.imageWith({ programs: [] }, 'other', 'USER somebody') : image;
    const { stdout, stderr } = await sh(
      'id -u; cd ~; touch .a/mine .a/b/mine && cat .a/b/shown/file; stat -c %u . .a .a/b',
      { image: other, args: ['-v', `${data}:${place.home}/.a/b/shown`] },
    );
    const uid = UID === 0 ? 1234 : UID;
    expect(stdout.toString(), stderr).toBe(`${uid}\ndata${uid}\n${uid}\n${uid}\n`);
    expect(statSync(path.join(data, 'file')).uid).toBe(before.uid);
    expect(statSync(data).uid).toBe(UID);
  });

  test('an image that became another since the last session is looked at before anything of it runs', async () => {
    const changing = lab.image('changing');
    expect((await sh('true', { image: changing })).status).toBe(0);
    lab.image('changing', 'USER no;body');
    const { status, stderr } = await sh('touch ran', { image: changing });
    expect([status, stderr.match(/LEASH_\w+/g)], stderr).toEqual([125, ['LEASH_IMAGE']]);
    expect(readdirSync(place.workspace)).not.toContain('ran');
    lab.image('changing');
    expect((await sh('touch ran', { image: changing })).status).toBe(0);
    expect(readdirSync(path.join(place.home, '.local/state/leash/sessions'))).toHaveLength(2);
    expect(readdirSync(path.join(place.home, '.local/state/leash/containers'))).toEqual([]);
    expect(lab.run('ps', '--all', '--quiet').stdout).toBe('');
  });
});
