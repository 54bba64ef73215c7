// An attack, an identity and a ground in; whether it succeeds where it should, and whether it is stopped where it must be, out.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSessionInfo } from '../../../src/journal/session-file.ts';
import type { Event } from '../../../src/schema/event.ts';
import {
  asIdentity,
  eventsOf,
  finished,
  type Identity,
  leashCommand,
  type Place,
  sessionsOf,
} from '../../fixtures/leash.ts';
import { remains, sessionProcesses } from '../../fixtures/session-processes.ts';
import { Arena } from './arena.ts';
import { Bystanders } from './bystanders.ts';
import type { Ground } from './grounds.ts';
import { type Attack, commandOf } from './header.ts';
import { compileToFile } from './programs.ts';
import { cacheHome, policyFile } from './scratch.ts';

/** On top of the attack's own seconds. A run that needs longer hangs, however busy the machine is. */
const PATIENCE_SECONDS = 90;
const CONTROL_SECONDS = 1;

export interface Outcome {
  /** `faulty`: it hung, left something behind, or was stopped without a trace. `expected`: known to succeed still. */
  readonly verdict: 'stopped' | 'succeeded' | 'expected' | 'control failed' | 'faulty' | 'skipped';
  /** What proves it; a sentence or more. */
  readonly detail: string;
  readonly control: string;
  readonly milliseconds: number;
}

interface Conditions {
  /** None: without Leash. */
  readonly ground: Ground | undefined;
  readonly isEnforced: boolean;
  readonly seconds: number;
  readonly patience: number;
}

interface Trial {
  /** What only a success explains. */
  readonly facts: readonly string[];
  /** What must never happen, success or not. */
  readonly faults: readonly string[];
  readonly events: readonly Event[];
  readonly output: string;
}

export interface Options {
  /** Of each attack that tries again and again, instead of its own. */
  readonly seconds?: number | undefined;
  /** Seconds after which a run counts as hanging. */
  readonly patience?: number;
}

const I386_PROBE = fileURLToPath(new URL('i386.c', import.meta.url));
let entersAs32Bit: boolean | undefined;

/** Whether the kernel answers 32-bit calls. Source: syscall(2), int 0x80; CONFIG_IA32_EMULATION. */
function hasI386(): boolean {
  entersAs32Bit ??= spawnSync(compileToFile(I386_PROBE)).status === 0;
  return entersAs32Bit;
}

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((folder) => {
    try {
      accessSync(path.join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Why the attack cannot be run here as this identity. */
export function obstacle(attack: Attack, as: Identity, ground: Ground): string | undefined {
  if (ground.missing !== undefined) return ground.missing;
  if (ground.isOwn && as !== 'self') return `${ground.backend} is tried as the user who runs the battery`;
  if (ground.languages?.includes(attack.language) === false)
    return `${ground.backend} has an image without what starts a .${attack.language}`;
  for (const need of attack.needs) {
    if (need === 'root') {
      if (as !== 'self' || process.getuid?.() !== 0) return 'needs root';
    } else if (need === 'i386') {
      if (!hasI386()) return 'this kernel has no 32-bit system calls';
    } else if (!isOnPath(need)) return `${need} is not installed`;
  }
  return undefined;
}

/** The end of the process, or its death when it takes too long. */
async function endOf(
  child: ChildProcess,
  seconds: number,
): Promise<{ output: Buffer; isLate: boolean; status: number | null }> {
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    child.kill('SIGKILL');
  }, seconds * 1000);
  child.stdin?.on('error', () => undefined).end();
  const { stdout, stderr, status } = await finished(child);
  clearTimeout(timer);
  return { output: Buffer.concat([stdout, Buffer.from(stderr, 'latin1')]), isLate, status };
}

/** Ends what an attack without a sandbox left running; it carries the place's mark. */
function endStragglers(place: Place): void {
  for (const { pid } of sessionProcesses(place)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // it ended by itself
    }
  }
}

async function journalOf(place: Place, ground: Ground): Promise<{ events: Event[]; faults: string[] }> {
  const id = sessionsOf(place).at(-1);
  if (id === undefined) return { events: [], faults: ['no session began'] };
  const { engine, backend } = readSessionInfo(path.join(place.home, '.local/state/leash/sessions', id));
  const faults =
    engine === ground.engine && backend === ground.backend ? [] : [`the session ran on ${engine}, ${backend}`];
  try {
    const events = await eventsOf(place);
    if (!events.some(({ action }) => action === 'SessionEnd')) faults.push('the journal has no end');
    return { events, faults };
  } catch (error) {
    return { events: [], faults: [...faults, `the journal cannot be trusted: ${(error as Error).message}`] };
  }
}

/** One run: in a session, or outside any. */
async function trial(
  attack: Attack,
  as: Identity,
  { ground, isEnforced, seconds, patience }: Conditions,
): Promise<Trial> {
  const arena = new Arena(attack, as, isEnforced);
  const { place } = arena;
  const beside = await Bystanders.standing(place, attack.beside);
  try {
    const told: Record<string, string> = {
      ...arena.env,
      ...beside.env(ground !== undefined),
      SECONDS: String(seconds),
    };
    const command = ground
      ? leashCommand(place, {
          command: commandOf(attack),
          args: [
            '--quiet',
            '--policy',
            policyFile(arena.text),
            ...ground.options,
            ...beside.options,
            ...Object.entries(told).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
          ],
        })
      : [...asIdentity(place.as), ...commandOf(attack)];
    const identity = asIdentity(place.as);
    const [program = '', ...args] = [...identity, ...beside.prefix, ...command.slice(identity.length)];
    const child = spawn(program, args, {
      cwd: place.workspace,
      env: {
        ...place.environment,
        ...beside.hostEnv,
        ...ground?.env,
        ...(ground ? { XDG_CACHE_HOME: cacheHome(as, (file) => place.own(file)) } : told),
      },
      // A process group of its own: a signal to the group does not reach the battery.
      detached: true,
    });
    const end = await endOf(child, seconds + patience);
    const faults = end.isLate ? ['it did not end'] : [];
    let events: Event[] = [];
    if (ground && !end.isLate) {
      const journal = await journalOf(place, ground);
      events = journal.events;
      faults.push(
        ...journal.faults,
        ...remains(place)
          .filter((left) => !beside.owns(left))
          .map((left) => `left behind: ${left}`),
      );
    }
    endStragglers(place);
    return {
      facts: [...arena.facts(end.output), ...beside.facts(end.output)],
      faults,
      events,
      output: end.output.toString(),
    };
  } finally {
    await beside.end();
    arena.remove();
  }
}

async function controlOf(
  attack: Attack,
  as: Identity,
  ground: Ground,
  patience: number,
): Promise<{ text: string; failure?: string }> {
  const { control } = attack;
  if (control.kind === 'none') return { text: `none: ${control.reason}` };
  const isPermissive = control.kind === 'permissive';
  const seconds = attack.seconds === undefined ? 0 : CONTROL_SECONDS;
  const { facts, faults, output } = await trial(attack, as, {
    ground: isPermissive ? ground : undefined,
    isEnforced: false,
    seconds,
    patience,
  });
  const [fact] = facts;
  if (fact === undefined)
    return {
      text: control.kind,
      failure: ['it does not succeed where nothing stops it', ...faults, output.slice(-600)].join('; '),
    };
  // What is left behind, or lost, is no better in a session that forbids nothing.
  if (faults.length > 0) return { text: control.kind, failure: faults.join('; ') };
  return { text: `${control.kind}: ${fact}` };
}

function judge(attack: Attack, { facts, faults, events, output }: Trial): Pick<Outcome, 'verdict' | 'detail'> {
  const said = [...facts, ...faults].join('; ');
  if (facts.length > 0) return { verdict: attack.expectedAfter === undefined ? 'succeeded' : 'expected', detail: said };
  if (faults.length > 0) return { verdict: 'faulty', detail: `${said}; it said: ${output.slice(-600)}` };
  const isSeen = (action: string): boolean =>
    events.some((event) => event.action === action && event.effect === 'deny');
  if (attack.event !== undefined && !isSeen(attack.event)) {
    return {
      verdict: 'faulty',
      detail: `stopped, but the journal has no denied ${attack.event}; it said: ${output.slice(-600)}`,
    };
  }
  return { verdict: 'stopped', detail: output.trim().split('\n').at(-1)?.slice(0, 200) ?? '' };
}

/** The control first, then the attack. */
export async function runAttack(attack: Attack, as: Identity, ground: Ground, options: Options = {}): Promise<Outcome> {
  const start = performance.now();
  const outcome = (part: Pick<Outcome, 'verdict' | 'detail' | 'control'>): Outcome => ({
    ...part,
    milliseconds: Math.round(performance.now() - start),
  });
  const obstructed = obstacle(attack, as, ground);
  if (obstructed !== undefined) return outcome({ verdict: 'skipped', detail: obstructed, control: '' });
  const { patience = PATIENCE_SECONDS } = options;
  const control = await controlOf(attack, as, ground, patience);
  if (control.failure !== undefined)
    return outcome({ verdict: 'control failed', detail: control.failure, control: control.text });
  const seconds = attack.seconds === undefined ? 0 : (options.seconds ?? attack.seconds);
  return outcome({
    ...judge(attack, await trial(attack, as, { ground, isEnforced: true, seconds, patience })),
    control: control.text,
  });
}
