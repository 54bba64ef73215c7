// The places where people and programs keep credentials: masked in every sandbox, whatever is mounted around them.
import fs from 'node:fs';
import path from 'node:path';
import { AGENT_CREDENTIALS } from './agents/kept.ts';

/** Below the home directory. Folders are masked whole. */
const HOME_SECRETS: readonly string[] = [
  '.ssh',
  '.aws',
  '.azure',
  '.gnupg',
  '.netrc',
  '.docker',
  '.kube',
  '.config/gcloud',
  '.config/gh',
  '.config/hub',
  '.config/op',
  '.config/git/credentials',
  '.config/google-chrome',
  '.config/chromium',
  '.git-credentials',
  '.pypirc',
  '.cargo/credentials',
  '.cargo/credentials.toml',
  '.terraform.d',
  '.vault-token',
  '.password-store',
  '.local/share/keyrings',
  '.mozilla',
  '.bash_history',
  '.zsh_history',
  '.python_history',
  '.node_repl_history',
  '.psql_history',
  ...AGENT_CREDENTIALS,
];

/** Readable by root without any capability, because root owns them. */
const SYSTEM_SECRETS = [
  '/etc/shadow',
  '/etc/shadow-',
  '/etc/gshadow',
  '/etc/gshadow-',
  '/etc/sudoers',
  '/etc/sudoers.d',
  '/etc/ssl/private',
  '/etc/krb5.keytab',
  '/etc/wireguard',
  '/etc/openvpn',
  '/etc/NetworkManager/system-connections',
  '/etc/kubernetes',
  '/etc/rancher',
  '/root',
  '/var/lib/docker',
  '/var/lib/containerd',
  '/var/lib/kubelet',
  '/var/spool/cron',
  '/var/backups',
] as const;

export interface Secret {
  readonly path: string;
  readonly isDirectory: boolean;
}

function look(candidate: string): Secret | undefined {
  // Most are absent, and an exception costs more than a look.
  if (!fs.existsSync(candidate)) return undefined;
  try {
    // A link is masked where it leads; that is where a mount would land.
    const real = fs.realpathSync.native(candidate);
    return { path: real, isDirectory: fs.statSync(real).isDirectory() };
  } catch {
    return undefined; // absent, or not ours to see: nothing to mask
  }
}

function hostKeys(): string[] {
  try {
    return fs
      .readdirSync('/etc/ssh')
      .filter((name) => name.startsWith('ssh_host_') && name.endsWith('_key'))
      .map((name) => path.join('/etc/ssh', name));
  } catch {
    return [];
  }
}

function namedPlaces(homes: readonly string[]): string[] {
  return [
    ...homes.flatMap((home) => HOME_SECRETS.map((name) => path.join(home, name))),
    ...SYSTEM_SECRETS.filter((name) => !homes.includes(name)),
    ...hostKeys(),
  ];
}

/**
 * Every place where secrets may lie, now or later, as it is named and where its links lead.
 * @param homes home directories whose contents are visible (none when the home is private)
 */
export function secretPlaces(homes: readonly string[]): string[] {
  return [...new Set(namedPlaces(homes).flatMap((place) => [place, look(place)?.path ?? place]))];
}

/**
 * Existing secrets that the mounts of a sandbox would show.
 * @param also further paths to mask
 */
export function visibleSecrets(homes: readonly string[], also: readonly string[]): Secret[] {
  const secrets = [...namedPlaces(homes), ...also].map(look).filter((secret) => secret !== undefined);
  return [...new Map(secrets.map((secret) => [secret.path, secret])).values()];
}
