// Settings of this machine in, which of them keeps an unprivileged program from making user namespaces, and what lifts it, out.
import { type Host, readHostFile, THIS_HOST } from './doctor/host.ts';

interface Setting {
  readonly file: string;
  readonly value: string;
  readonly why: string;
  readonly fix: string;
}

const SETTINGS: readonly Setting[] = [
  {
    file: 'proc/sys/kernel/apparmor_restrict_unprivileged_userns',
    value: '1',
    why: 'AppArmor restricts them to programs with a profile (Ubuntu 23.10 and later)',
    // Narrower than the sysctl, which would lift the restriction for every program.
    fix: [
      `printf '%s\\n' 'abi <abi/4.0>,' 'include <tunables/global>' 'profile bwrap /usr/bin/bwrap flags=(unconfined) { userns, }'`,
      'sudo tee /etc/apparmor.d/bwrap >/dev/null && sudo apparmor_parser -r /etc/apparmor.d/bwrap',
    ].join(' | '),
  },
  {
    file: 'proc/sys/kernel/unprivileged_userns_clone',
    value: '0',
    why: 'kernel.unprivileged_userns_clone is 0',
    fix: 'sudo sysctl -w kernel.unprivileged_userns_clone=1',
  },
  {
    file: 'proc/sys/user/max_user_namespaces',
    value: '0',
    why: 'user.max_user_namespaces is 0',
    fix: 'sudo sysctl -w user.max_user_namespaces=15000',
  },
];

/** Undefined: none that Leash knows of. */
export function usernsRefusal(host: Host = THIS_HOST): Pick<Setting, 'why' | 'fix'> | undefined {
  return SETTINGS.find(({ file, value }) => readHostFile(host, file)?.trim() === value);
}
