// One UDP round trip of 1,200 bytes to an echo: outside, and through leash from a connected socket and by name; median and 99th percentile.
//
//   npm run bench -- datagrams [rounds]
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { interleave, medianAndHigh, report, type Series } from './measure.ts';

const ROUNDS = Number(process.argv[2] ?? 9);
const COUNT = 3_000;
const root = fileURLToPath(new URL('../', import.meta.url));
const POLICY = `permit(principal, action in [Action::"FileOpen", Action::"ProcessExec", Action::"DnsResolve"], resource);
permit(principal, action == Action::"NetConnect", resource) when { context.protocol == "udp" };\n`;
const ECHO = `const s = require('dgram').createSocket('udp4');
s.on('message', (bytes, from) => s.send(bytes, from.port, from.address));
s.bind(0, '127.0.0.1', () => console.log(s.address().port));`;

const folder = mkdtempSync(path.join(os.tmpdir(), 'leash-bench-'));
const echo = spawn(process.execPath, ['-e', ECHO], { stdio: ['ignore', 'pipe', 'inherit'] });
try {
  const port = await new Promise<string>((resolve) =>
    echo.stdout.once('data', (text: Buffer) => resolve(String(text).trim())),
  );
  const workspace = path.join(folder, 'work');
  mkdirSync(workspace);
  const policy = path.join(folder, 'policy.cedar');
  writeFileSync(policy, POLICY);
  const loop = path.join(workspace, 'datagram-loop');
  execFileSync('cc', ['-O2', '-Wall', '-Werror', '-o', loop, path.join(root, 'bench/native/datagram-loop.c')]);
  const env = {
    ...process.env,
    HOME: folder,
    XDG_STATE_HOME: path.join(folder, 'state'),
    XDG_CACHE_HOME: path.join(folder, 'cache'),
  };
  const both = (name: string, prefix: readonly string[], how: string, to: readonly [string, string]): Series[] =>
    medianAndHigh(name, () => {
      const [file = '', ...rest] = [...prefix, loop, how, ...to, String(COUNT)];
      return execFileSync(file, rest, { cwd: workspace, env, encoding: 'utf8' });
    });
  const leash = [
    path.join(root, 'leash'),
    '-q',
    '--policy',
    policy,
    '--resolve',
    `echo.test:7:127.0.0.1:${port}`,
    '--',
  ];
  const rows = interleave(
    [
      ...both('outside', [], 'connected', ['127.0.0.1', port]),
      ...both('leash, connected', leash, 'connected', ['echo.test', '7']),
      ...both('leash, named', leash, 'named', ['echo.test', '7']),
    ],
    ROUNDS,
  );
  report('datagrams', 'ns', rows, 'outside', []);
} finally {
  echo.kill();
  rmSync(folder, { recursive: true, force: true });
}
