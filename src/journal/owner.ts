// A process id in, an identity that no later process can share out; tells a running session from a crashed one.
import { readFileSync } from 'node:fs';

const STATE_FIELD = 0;
const START_TIME_FIELD = 19;

/**
 * Identity of a live process: `<boot id>/<start time in clock ticks since boot>`, or undefined when there is no such
 * process or only its zombie. Source: proc_pid_stat(5), fields 3 and 22.
 */
export function processIdentity(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // Field 2 is the program's name in parentheses and may itself contain parentheses and spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const state = fields[STATE_FIELD];
    if (state === 'Z' || state === 'X') return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}/${fields[START_TIME_FIELD]}`;
  } catch {
    return undefined;
  }
}
