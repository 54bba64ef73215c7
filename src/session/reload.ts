// An edited policy file in, the new set in force in every layer out; a broken edit changes nothing and says where it is broken.
import fs from 'node:fs';
import type { Decision } from '../decision/decision.ts';
import type { Warden } from '../engine/warden.ts';
import { LeashError } from '../host/errors.ts';
import type { PolicySet } from '../policy/policy-set.ts';
import type { Network } from './network.ts';
import { type PolicyText, readPolicy, watchPolicy } from './policy-file.ts';
import type { Recorder } from './recorder.ts';

export interface ReloadContext {
  readonly file: string;
  /** What stands beside the file, and for whom. */
  readonly profiles: readonly string[];
  readonly agent: string;
  readonly load: (policy: PolicyText) => Promise<PolicySet>;
  /** Keeps the text of an epoch before it decides anything, so that every decision can be explained. */
  readonly keep: (epoch: number, policy: PolicyText) => void;
  readonly decision: Decision;
  readonly warden: Warden;
  readonly network: Network;
  readonly recorder: Recorder;
  readonly observes: boolean;
  readonly say: (line: string) => void;
}

/** What the file held: the text in force, and the last one tried, which may have been refused. */
interface Texts {
  readonly inForce: string;
  readonly tried: string | undefined;
}

/** The table goes first: the agent's next system call is answered by it. */
async function putInForce(context: ReloadContext, policy: PolicyText, set: PolicySet): Promise<number> {
  context.keep(context.decision.epoch + 1, policy);
  const epoch = context.decision.replace(set);
  context.warden.load({ epoch, observe: context.observes, hash: set.readsContent }, set.image);
  await context.network.rejudge();
  return epoch;
}

function refuse({ recorder, decision, file, say }: ReloadContext, error: unknown): void {
  const problem = error instanceof LeashError ? error : new LeashError('LEASH_POLICY_INVALID', String(error));
  recorder.note('PolicyLoad', file, decision.epoch, problem.message);
  say(`${problem.code}: ${problem.message}; the policy in force stays (epoch ${decision.epoch})`);
  for (const line of problem.details) say(line);
}

/** Follows edits of one file, one reload at a time; edits meanwhile are taken together, and the last text wins. */
class Follower {
  readonly #context: ReloadContext;
  #texts: Texts;
  #work: Promise<void> = Promise.resolve();
  #isWaiting = false;
  #isOver = false;

  constructor(context: ReloadContext, first: string) {
    this.#context = context;
    this.#texts = { inForce: first, tried: first };
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
      if (policy.text === this.#texts.inForce) {
        this.#texts = { inForce: policy.text, tried: policy.text };
        say(`policy ${policy.name} is again the one in force (epoch ${decision.epoch})`);
        return;
      }
      tried = policy.text;
      const set = await this.#context.load(policy);
      if (this.#isOver) return;
      const epoch = await putInForce(this.#context, policy, set);
      this.#texts = { inForce: policy.text, tried };
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

/** Follows the policy file from its `first` text on. Returns what ends it: nothing is put in force, said or recorded afterwards. */
export function followPolicy(given: ReloadContext, first: string): () => void {
  // The guard covers the file, not links on the way to it, which the agent could lead elsewhere.
  const context = { ...given, file: fs.realpathSync(given.file) };
  const follower = new Follower(context, first);
  const unwatch = watchPolicy(context.file, () => follower.changed());
  // An edit between the first reading and the watch.
  follower.changed();
  return () => {
    unwatch();
    follower.end();
  };
}
