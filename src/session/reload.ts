// An edited policy file in, the new set in force in every layer out; a broken edit changes nothing and says where it is broken.
import fs from 'node:fs';
import type { Approvals } from '../decision/approvals.ts';
import type { Decision } from '../decision/decision.ts';
import type { Warden } from '../engine/warden.ts';
import type { TableOrder } from '../engine/wire-order.ts';
import { LeashError } from '../host/errors.ts';
import { MAX_TEXT } from '../policy/check/limits.ts';
import type { GuardedSource } from '../policy/load.ts';
import type { PolicySet } from '../policy/policy-set.ts';
import type { Source } from '../policy/text/diagnostic.ts';
import { readText } from '../policy/text/read-text.ts';
import type { PolicyDesk, PolicyEdit, PolicyView, WholePolicy } from '../schema/policy-desk.ts';
import type { Network } from './network.ts';
import { type PolicyText, readPolicy, watchPolicy } from './policy-file.ts';
import type { Recorder } from './recorder.ts';
import { replaceFile } from './replace-file.ts';

export interface ReloadContext {
  /** The policy file; undefined: none is followed. */
  readonly file: string | undefined;
  /** What stands beside the file, and for whom. */
  readonly profiles: readonly string[];
  readonly agent: string;
  readonly repository?: Source | undefined;
  readonly load: (policy: PolicyText) => Promise<PolicySet>;
  /** With the statements of Leash that stand beside it in this session. */
  readonly whole: (policy: PolicyText) => GuardedSource;
  /** Keeps the text of an epoch before it decides anything, so that every decision can be explained. */
  readonly keep: (epoch: number, policy: PolicyText) => void;
  readonly decision: Decision;
  readonly warden: Warden;
  readonly network: Network;
  readonly recorder: Recorder;
  readonly approvals: Pick<Approvals, 'rejudge'>;
  /** How a set is put in force. */
  readonly order: (set: PolicySet) => TableOrder;
  readonly say: (line: string) => void;
}

/** What is in force, and the last text of the file that was tried, which may have been refused. */
interface Texts {
  readonly inForce: PolicyText;
  readonly tried: string | undefined;
  /** What the file held when it was last put in force, or written. */
  readonly inFile: string | undefined;
}

/** The table goes first: the agent's next system call is answered by it. */
async function putInForce(context: ReloadContext, policy: PolicyText, set: PolicySet): Promise<number> {
  context.keep(context.decision.epoch + 1, policy);
  const epoch = context.decision.replace(set);
  context.warden.load(context.order(set), set.image);
  context.network.rejudge();
  context.approvals.rejudge();
  return epoch;
}

function changed(how: string): LeashError {
  return new LeashError('LEASH_API_CONFLICT', `${how}; nothing was changed`);
}

function refuse({ recorder, decision, file = 'policy', say }: ReloadContext, error: unknown): void {
  const problem = error instanceof LeashError ? error : new LeashError('LEASH_POLICY_INVALID', String(error));
  recorder.note('PolicyLoad', file, decision.epoch, { problem: problem.message });
  say(`${problem.code}: ${problem.message}; the policy in force stays (epoch ${decision.epoch})`);
  for (const line of problem.details) say(line);
}

/** Follows edits of one file, one reload at a time; edits meanwhile are taken together, and the last text wins. A person's own edits take their turn. */
class Follower implements PolicyDesk {
  readonly #context: ReloadContext;
  #texts: Texts;
  #work: Promise<void> = Promise.resolve();
  #isWaiting = false;
  #isOver = false;

  constructor(context: ReloadContext, first: PolicyText) {
    this.#context = context;
    this.#texts = { inForce: first, tried: first.text, inFile: context.file === undefined ? undefined : first.own };
  }

  read(): PolicyView {
    const { profiles, file, decision } = this.#context;
    const { inForce, inFile } = this.#texts;
    const { name, own: text = '' } = inForce;
    const view = { epoch: decision.epoch, name, text, profiles, isKept: file !== undefined && text === inFile };
    return file === undefined ? view : { ...view, file };
  }

  whole(text: string): WholePolicy {
    const { name, text: all, guard = '' } = this.#context.whole(readPolicy({ ...this.#context, text }));
    return { name, text: all, guard };
  }

  replace(edit: PolicyEdit): Promise<number> {
    const done = this.#work.then(() => this.#replace(edit));
    this.#work = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  async #replace({ text, keep, epoch: known }: PolicyEdit): Promise<number> {
    const { decision, file, recorder, say } = this.#context;
    if (this.#isOver) throw new LeashError('LEASH_SESSION_OVER', 'the session is about to end');
    if (known !== decision.epoch) throw changed(`epoch ${decision.epoch} is in force by now, not ${known}`);
    if (keep) this.#requireUnchanged();
    const policy = readPolicy({ ...this.#context, text });
    const set = await this.#context.load(policy);
    if (keep && file !== undefined) {
      this.#requireUnchanged();
      replaceFile(file, text);
    }
    const epoch = await putInForce(this.#context, policy, set);
    const { tried, inFile } = this.#texts;
    this.#texts = { inForce: policy, tried: keep ? policy.text : tried, inFile: keep ? text : inFile };
    recorder.note('PolicyLoad', policy.name, epoch, { detail: { edited: true, kept: keep } });
    say(`policy ${policy.name} edited${keep ? '' : ', for this session only'}, epoch ${epoch}`);
    return epoch;
  }

  /** What somebody wrote into the file meanwhile, perhaps with a fault, is not written over. */
  #requireUnchanged(): void {
    const { file } = this.#context;
    if (file === undefined)
      throw new LeashError('LEASH_API_INPUT', 'the session has no policy file to keep it in (--policy names one)');
    if (readText(file, MAX_TEXT) !== this.#texts.inFile) throw changed(`${file} was changed by somebody else`);
  }

  changed(): void {
    // A reload that has not begun will read this edit, too.
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#work = this.#work.then(async () => {
      this.#isWaiting = false;
      if (!this.#isOver) await this.#reload();
    });
  }

  end(): void {
    this.#isOver = true;
  }

  async #reload(): Promise<void> {
    const { recorder, decision, say } = this.#context;
    let tried: string | undefined;
    try {
      const policy = readPolicy(this.#context);
      if (policy.text === this.#texts.tried) return;
      if (policy.text === this.#texts.inForce.text) {
        this.#texts = { inForce: policy, tried: policy.text, inFile: policy.own };
        say(`policy ${policy.name} is again the one in force (epoch ${decision.epoch})`);
        return;
      }
      tried = policy.text;
      const set = await this.#context.load(policy);
      if (this.#isOver) return;
      const epoch = await putInForce(this.#context, policy, set);
      this.#texts = { inForce: policy, tried, inFile: policy.own };
      recorder.note('PolicyLoad', policy.name, epoch);
      say(`policy ${policy.name} reloaded, epoch ${epoch}`);
    } catch (error) {
      if (this.#isOver) return;
      // A text is refused once, however often it is saved; but what no fault in it explains is worth another try.
      const isFaulty = error instanceof LeashError && error.details.length > 0;
      this.#texts = { ...this.#texts, tried: isFaulty ? tried : undefined };
      refuse(this.#context, error);
    }
  }
}

export interface FollowedPolicy {
  readonly desk: PolicyDesk;
  /** Nothing is put in force, said or recorded afterwards. */
  end(): void;
}

/** Follows the policy file, if there is one, from its `first` text on, and takes a person's edits. */
export function followPolicy(given: ReloadContext, first: PolicyText): FollowedPolicy {
  if (given.file === undefined) {
    const desk = new Follower(given, first);
    return { desk, end: () => desk.end() };
  }
  // The guard covers the file, not links on the way to it, which the agent could lead elsewhere.
  const file = fs.realpathSync(given.file);
  const desk = new Follower({ ...given, file }, first);
  const unwatch = watchPolicy(file, () => desk.changed());
  // An edit between the first reading and the watch.
  desk.changed();
  return {
    desk,
    end: () => {
      unwatch();
      desk.end();
    },
  };
}
