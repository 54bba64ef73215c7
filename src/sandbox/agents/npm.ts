// A pinned npm package and an empty folder in, the folder with the package installed in it out.
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LeashError } from '../../host/errors.ts';
import type { AgentPackage } from './agent.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * What npm needs to reach its registry. Nothing else of the caller's environment is passed on: the package's install script
 * would see it, and variables of an enclosing `npm run` would redirect the installation.
 */
const PASSED_ON = [
  'HOME',
  'LANG',
  'LC_ALL',
  'TMPDIR',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'npm_config_registry',
  'npm_config_cafile',
  'npm_config_cache',
  'npm_config_userconfig',
  'NPM_CONFIG_REGISTRY',
  'NPM_CONFIG_CAFILE',
  'NPM_CONFIG_CACHE',
  'NPM_CONFIG_USERCONFIG',
];

const INSTALL_OPTIONS = [
  '--prefer-offline',
  '--no-audit',
  '--no-fund',
  '--no-update-notifier',
  // npm's own defaults keep an offline machine waiting for over a minute.
  '--fetch-retries=1',
  '--fetch-retry-mintimeout=1000',
  '--loglevel=error',
];

/** Characters of npm's complaints that are kept, and lines of them that are shown. npm names the cause first. */
const MAX_COMPLAINT = 8192;
const SHOWN_LINES = 4;

/** The environment for npm: the caller's, reduced to what npm needs, with this Node's own folder first on PATH. */
export function npmEnvironment(env: Env = process.env): Record<string, string> {
  const kept = PASSED_ON.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  const search = [path.dirname(process.execPath), env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'].join(':');
  return { ...Object.fromEntries(kept), PATH: search };
}

/** The `package.json` that makes `folder` an npm project of its own, in which only this package's install script may run. */
function manifest({ name, version, isTrusted }: AgentPackage): string {
  const content = {
    name: 'leash-agent',
    private: true,
    dependencies: { [name]: version },
    // Source: npm-install-scripts(1), npm 11; older versions ignore it and run all install scripts.
    ...(isTrusted && { allowScripts: { [`${name}@${version}`]: true } }),
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

/**
 * Installs the package into `folder`, which exists and is empty, and nowhere else. Install scripts run only where Leash itself pins
 * the package: they run outside the sandbox.
 * Throws LEASH_AGENT_INSTALL with npm's first lines of complaint.
 */
export async function npmInstall(wanted: AgentPackage, folder: string, env: Env = process.env): Promise<void> {
  await writeFile(path.join(folder, 'package.json'), manifest(wanted), { mode: 0o644 });
  // Not `--prefix`: it would also move the place of npm's global configuration, and with it a company's registry and certificates.
  await runNpm(['install', `--ignore-scripts=${!wanted.isTrusted}`, ...INSTALL_OPTIONS], folder, npmEnvironment(env));
}

function runNpm(args: readonly string[], cwd: string, env: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      complaint = (complaint + chunk).slice(0, MAX_COMPLAINT);
    });
    child.once('error', (cause: NodeJS.ErrnoException) => {
      const message = cause.code === 'ENOENT' ? 'npm was not found' : `npm could not be started: ${cause.message}`;
      reject(new LeashError('LEASH_AGENT_INSTALL', message, { cause }));
    });
    child.once('close', (status, signal) => {
      if (status === 0) resolve();
      else reject(failure(signal ?? `status ${status}`, complaint));
    });
  });
}

function failure(how: string, complaint: string): LeashError {
  const lines = complaint.split('\n').filter((line) => line.replace('npm error', '').trim() !== '');
  return new LeashError('LEASH_AGENT_INSTALL', `npm install ended with ${how}`, {
    details: lines.slice(0, SHOWN_LINES),
  });
}
