// The name of a package in, the command that installs it on this distribution out.
import { type Host, readHostFile } from './host.ts';

const COMMANDS: Readonly<Record<string, string>> = {
  debian: 'sudo apt-get install -y',
  ubuntu: 'sudo apt-get install -y',
  fedora: 'sudo dnf install -y',
  rhel: 'sudo dnf install -y',
  arch: 'sudo pacman -S --noconfirm',
  alpine: 'sudo apk add',
  suse: 'sudo zypper install -y',
};

/** Ids of this distribution and those it is like. Source: os-release(5). */
function distributions(host: Host): readonly string[] {
  const text = readHostFile(host, 'etc/os-release') ?? '';
  const field = (name: string): string => new RegExp(`^${name}="?([^"\\n]*)"?$`, 'm').exec(text)?.[1] ?? '';
  return `${field('ID')} ${field('ID_LIKE')}`.split(' ').filter((id) => id !== '');
}

/** A command to copy, or a sentence where the distribution is unknown. */
export function installCommand(host: Host, ...packages: readonly string[]): string {
  const known = distributions(host).find((id) => Object.hasOwn(COMMANDS, id));
  if (known === undefined) return `Install ${packages.join(' ')} with the package manager of this system.`;
  return `${COMMANDS[known]} ${packages.join(' ')}`;
}
