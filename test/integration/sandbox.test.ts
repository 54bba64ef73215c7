// What the agent can see and change: its workspace, a private home, and a read-only machine without secrets.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { finished, IDENTITIES, PERMISSIVE, Place, POLICY, runLeash, startLeash } from '../fixtures/leash.ts';

describe.each(IDENTITIES)('the sandbox of %s', (as) => {
  let place: Place;
  beforeEach(() => {
    place = new Place(as);
  });
  afterEach(() => place.remove());

  const shell = async (script: string, env: Record<string, string> = {}): Promise<string> => {
    const { stdout, stderr } = await runLeash(place, { policy: PERMISSIVE, command: ['sh', '-c', script], env });
    return stdout.toString() + stderr.replaceAll(/^leash: .*\n/gm, '');
  };

  it('has the current directory at its own path, writable, its files owned by the user', async () => {
    place.write('before.txt', 'before');
    expect(await shell('pwd; cat before.txt; echo after >after.txt')).toBe(`${place.workspace}\nbefore`);
    const made = path.join(place.workspace, 'after.txt');
    expect(readFileSync(made, 'utf8')).toBe('after\n');
    expect(statSync(made).uid).toBe(statSync(place.workspace).uid);
  });

  it('shows the machine read-only', async () => {
    const places = [
      '/',
      '/etc',
      '/usr/bin',
      '/opt',
      '/home',
      '/var/lib',
      '/sys',
      '/proc/sys/kernel',
      path.dirname(place.root),
    ];
    // The last is a private temporary folder: writable inside, unseen outside.
    const text = await shell(
      places.map((folder) => `echo x 2>/dev/null >${folder}/leash-test && echo wrote ${folder}`).join('; '),
    );
    expect(text).toBe(`wrote ${path.dirname(place.root)}\n`);
    for (const folder of places) expect(existsSync(path.join(folder, 'leash-test'))).toBe(false);
    expect(await shell('echo x >/etc/leash-test')).toMatch(/Read-only file system|Permission denied/);
  });

  it('has an empty home and empty temporary folders of its own, gone afterwards', async () => {
    place.write(path.join(place.home, 'diary'), 'dear');
    place.write(path.join(place.tmp, 'scratch'), 'scratch');
    expect(
      await shell('ls -A "$HOME" /var/tmp; ls /tmp; echo mine >"$HOME/mine"; cat "$HOME/mine"; stat -c %a "$HOME"'),
    ).toBe(`${place.home}:\n\n/var/tmp:\n${path.basename(place.root)}\nmine\n700\n`);
    expect(existsSync(path.join(place.home, 'mine'))).toBe(false);
  });

  it.each([
    ['.ssh/id_ed25519'],
    ['.aws/credentials'],
    ['.netrc'],
    ['.git-credentials'],
    ['.docker/config.json'],
    ['.bash_history'],
    ['.config/gh/hosts.yml'],
    ['.local/state/leash/secret'],
    ['.config/leash/config.toml'],
  ])('masks ~/%s also when the workspace is the home', async (name) => {
    const file = place.write(path.join(place.home, name), 'the secret');
    place.write(path.join(place.home, 'project.txt'), 'the project');
    const { stdout } = await runLeash(place, {
      policy: PERMISSIVE,
      workspace: place.home,
      command: [
        'sh',
        '-c',
        `cat project.txt; cat ${name}; ls -R "${path.dirname(name)}"; echo over >${name}; chmod 755 ${path.dirname(name)} && cat ${name}`,
      ],
    });
    expect(stdout.toString()).toContain('the project');
    expect(stdout.toString()).not.toContain('the secret');
    expect(readFileSync(file, 'utf8')).toBe('the secret');
  });

  it('masks the secrets of the system', async () => {
    expect(existsSync('/etc/shadow')).toBe(true);
    const text = await shell('cat /etc/shadow; wc -c </etc/passwd');
    expect(text).toMatch(/\/etc\/shadow: Permission denied/);
    expect(text).not.toMatch(/root:[^x]/);
    expect(text).toMatch(/^\d{2,}$/m);
  });

  it('keeps a secret that the host replaces or creates while the agent runs', async () => {
    place.write(path.join(place.home, '.netrc'), 'old secret');
    const script = 'echo ready; read line; cat .netrc .git-credentials .aws/credentials; ls .aws; echo end';
    const child = startLeash(place, { policy: PERMISSIVE, workspace: place.home, command: ['sh', '-c', script] });
    child.stdout?.once('data', () => {
      // As git's credential store and editors do it; the mask, which is a mount, falls off.
      renameSync(place.write(path.join(place.home, 'new'), 'new secret'), path.join(place.home, '.netrc'));
      place.write(path.join(place.home, '.git-credentials'), 'new secret');
      place.write(path.join(place.home, '.aws/credentials'), 'new secret');
      child.stdin?.end('go\n');
    });
    const { stdout } = await finished(child);
    expect(stdout.toString()).toBe('ready\nend\n');
  });

  it('keeps sockets and credentials of the user out of the environment', async () => {
    const env = {
      SSH_AUTH_SOCK: '/x',
      AWS_SECRET_ACCESS_KEY: 'shh',
      GITHUB_TOKEN: 'shh',
      EDITOR: 'vi',
      HTTPS_PROXY: 'http://x',
    };
    const names = (await shell('env', env)).split('\n').map((line) => line.split('=', 1)[0]);
    expect(names).toContain('EDITOR');
    for (const name of [
      'SSH_AUTH_SOCK',
      'AWS_SECRET_ACCESS_KEY',
      'GITHUB_TOKEN',
      'HTTPS_PROXY',
      'XDG_RUNTIME_DIR',
      'NODE_CHANNEL_FD',
    ])
      expect(names).not.toContain(name);
    const { stdout } = await runLeash(place, {
      policy: PERMISSIVE,
      command: ['env'],
      env,
      args: ['-e', 'GITHUB_TOKEN', '-e', 'A=b=c'],
    });
    expect(stdout.toString()).toMatch(/^GITHUB_TOKEN=shh$/m);
    expect(stdout.toString()).toMatch(/^A=b=c$/m);
  });

  it('passes standard streams through byte for byte', async () => {
    const bytes = randomBytes(5 << 20);
    const { status, stdout, stderr } = await runLeash(place, {
      policy: POLICY,
      command: ['sh', '-c', "cat; printf '\\377\\000\\n' >&2"],
      args: ['--quiet'],
      input: bytes,
    });
    expect(status).toBe(0);
    expect(stdout.equals(bytes)).toBe(true);
    expect(stderr).toBe('\ufffd\0\n');
  });

  it('has processes of its own only, and no capability', async () => {
    const text = await shell(
      'cat /proc/self/status | grep -E "^(CapEff|NoNewPrivs|Seccomp):"; ls /proc | grep -c "^[0-9]"; hostname; cat /proc/net/dev | wc -l',
    );
    expect(text).toMatch(/CapEff:\t0{16}\nNoNewPrivs:\t1\nSeccomp:\t2\n/);
    expect(Number(text.split('\n')[3])).toBeLessThan(8);
  });
});
