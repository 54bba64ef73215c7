import { expect, test } from 'vitest';
import { installCommand } from '../../../../src/host/doctor/install.ts';
import { DEBIAN, sampleHost } from './sample-host.ts';

test.each([
  [DEBIAN['etc/os-release'], 'sudo apt-get install -y a b'],
  ['ID=ubuntu\nID_LIKE=debian\n', 'sudo apt-get install -y a b'],
  ['ID="rocky"\nID_LIKE="rhel centos fedora"\n', 'sudo dnf install -y a b'],
  ['ID="opensuse-leap"\nID_LIKE="suse opensuse"\n', 'sudo zypper install -y a b'],
  ['ID=arch\n', 'sudo pacman -S --noconfirm a b'],
  ['ID=constructor\n', 'Install a b with the package manager of this system.'],
  ['', 'Install a b with the package manager of this system.'],
])('%j', (text, command) => {
  expect(installCommand(sampleHost({ files: { 'etc/os-release': text } }), 'a', 'b')).toBe(command);
});

test('a system that does not say what it is', () => {
  expect(installCommand(sampleHost(), 'a')).toBe('Install a with the package manager of this system.');
});
