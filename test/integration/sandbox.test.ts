// What the agent can see and change: its workspace, a private home, and a read-only machine without secrets.
import { execFileSync } from 'node:child_process';
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

  it('changes no setting of the kernel, and sees no object of the host in procfs', async () => {
    const made = execFileSync('ipcmk', ['-M', '4096']).toString();
    const id = made.match(/\d+/)?.[0] ?? '';
    try {
      const read = 'cat /proc/sysvipc/shm /proc/keys /proc/kcore; ls /proc/sysvipc';
      // Its own value: written where it could be, it changes nothing.
      const write =
        'for f in core_pattern core_uses_pid panic; do v=$(cat /proc/sys/kernel/$f) && printf "%s\\n" "$v" >/proc/sys/kernel/$f && echo wrote $f; done';
      const { stdout } = await runLeash(place, {
        policy: PERMISSIVE,
        command: ['sh', '-c', `(${read}; ${write}) 2>/dev/null`],
        journal: false,
      });
      expect(stdout.toString()).toBe('');
    } finally {
      execFileSync('ipcrm', ['-m', id]);
    }
  });

  it('has a resolver, a list of hosts and trust stores of its own', async () => {
    const text = await shell('cat /etc/resolv.conf /etc/hosts "$NODE_EXTRA_CA_CERTS" "$SSL_CERT_FILE"');
    expect(text).toMatch(/^nameserver 127\.0\.0\.1\n/);
    expect(text).toContain('127.0.0.1 localhost\n');
    expect(text.match(/BEGIN CERTIFICATE/g)?.length).toBeGreaterThan(2);
    expect(text).not.toMatch(/denied|No such/);
  });

  it('has an empty home and empty temporary folders of its own, gone afterwards', async () => {
    place.write(path.join(place.home, 'diary'), 'dear');
    place.write(path.join(place.tmp, 'scratch'), 'scratch');
    expect(
      await shell('ls -A "$HOME" /var/tmp; ls /tmp; echo mine >"$HOME/mine"; cat "$HOME/mine"; stat -c %a "$HOME"'),
    ).toBe(`${place.home}:\n\n/var/tmp:\n${path.basename(place.root)}\nmine\n700\n`);
    expect(existsSync(path.join(place.home, 'mine'))).toBe(false);
  });

  it('masks credentials also when the workspace is the home', async () => {
    const names = [
      '.ssh/id_ed25519',
      '.aws/credentials',
      '.netrc',
      '.git-credentials',
      '.docker/config.json',
      '.bash_history',
      '.config/gh/hosts.yml',
      '.claude/.credentials.json',
      '.codex/auth.json',
      '.gemini/oauth_creds.json',
      '.gemini/gemini-credentials.json',
      '.qwen/oauth_creds.json',
      '.local/share/opencode/auth.json',
      '.local/state/leash/secret',
      '.config/leash/config.toml',
    ];
    const files = names.map((name) => place.write(path.join(place.home, name), `# the secret ${name}`));
    place.write(path.join(place.home, 'project.txt'), 'the project');
    const tries = names.map((name) => {
      const folder = path.dirname(name);
      return `cat ${name}; ls -R "${folder}"; echo over >${name}; chmod 755 ${folder} && cat ${name}; echo "tried ${name}"`;
    });
    const { stdout } = await runLeash(place, {
      policy: PERMISSIVE,
      workspace: place.home,
      command: ['sh', '-c', `cat project.txt; ${tries.join('\n')}`],
    });
    expect(stdout.toString()).toContain('the project');
    for (const name of names) expect(stdout.toString()).toContain(`tried ${name}`);
    expect(stdout.toString()).not.toContain('the secret');
    expect(files.map((file) => readFileSync(file, 'utf8'))).toEqual(names.map((name) => `# the secret ${name}`));
  });

  it.each([
    ['makes them', 'mkdir -p .config/leash .cache/leash/policy .local/state/leash .local/share/leash/agents'],
    [
      'links to them',
      'mkdir -p evil/leash; for name in .config .cache .local; do mv $name old$name; ln -s evil $name; done',
    ],
    ['moves what is above them', 'for name in .config .cache .local; do mv $name old$name; mkdir -p $name/leash; done'],
  ])("where the workspace is the home, its own folders are Leash's alone: an agent %s", async (_what, script) => {
    const files = ['.config/leash/config.toml', '.config/leash/approvals.json', '.cache/leash/policy/x'];
    const places = [...files, '.local/state/leash/x', '.local/share/leash/agents/x'];
    const plant = `for f in ${places.join(' ')}; do mkdir -p "$(dirname $f)"; echo planted >$f; done; echo done`;
    const { stdout } = await runLeash(place, {
      policy: PERMISSIVE,
      workspace: place.home,
      command: ['sh', '-c', `${script}; ${plant}`],
    });
    expect(stdout.toString()).toContain('done');
    // As the next session would look for them.
    expect(places.filter((file) => existsSync(path.join(place.home, file)))).toEqual([]);
  });

  it.each([
    ['rm .config .cache .local'],
    ['for name in .config .cache .local; do mv $name old$name; done'],
    ['mv dotfiles old; mkdir dotfiles'],
    ['mv dotfiles/.config old'],
  ])('where a link of the home leads to its own folders, it stays: %s', async (script) => {
    for (const name of ['.config', '.cache', '.local']) {
      place.write(path.join(place.home, 'dotfiles', name, 'mine'), 'mine');
      place.link(`dotfiles/${name}`, path.join(place.home, name));
    }
    const files = ['.config/leash/config.toml', '.cache/leash/policy/x', '.local/share/leash/agents/x'];
    const plant = `for f in ${files.join(' ')}; do mkdir -p "$(dirname $f)"; echo planted >$f; done; echo done`;
    const { stdout } = await runLeash(place, {
      policy: PERMISSIVE,
      workspace: place.home,
      command: ['sh', '-c', `${script}; ${plant}`],
    });
    expect(stdout.toString()).toContain('done');
    expect(files.filter((file) => existsSync(path.join(place.home, file)))).toEqual([]);
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
