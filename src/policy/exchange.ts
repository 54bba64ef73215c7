// Compiled sets in, messages between two threads out, and back: a statement crosses once, for as long as set after set holds it.
import type { PolicyRecord } from './evaluate/policy.ts';
import type { Compiled } from './policy-set.ts';

/** A policy whose statement the other side has, by its number. */
type Numbered = Omit<PolicyRecord, 'json'> & { readonly statement: number };

export interface CompiledMessage extends Omit<Compiled, 'policies'> {
  readonly policies: readonly Numbered[];
  /** Statements that the set before did not hold, by their numbers. */
  readonly fresh: ReadonlyMap<number, object>;
}

/** Writes each set as what is new since the set before. Statements are told apart as objects, so whoever makes the sets must keep theirs. */
export class SetSender {
  readonly #numbers = new WeakMap<object, number>();
  #held: ReadonlySet<number> = new Set();
  #last = 0;

  write({ policies, ...rest }: Compiled): CompiledMessage {
    const fresh = new Map<number, object>();
    const numbered = policies.map(({ json, ...policy }): Numbered => {
      const statement = this.#numberOf(json as object);
      if (!this.#held.has(statement)) fresh.set(statement, json as object);
      return { ...policy, statement };
    });
    this.#held = new Set(numbered.map(({ statement }) => statement));
    return { ...rest, policies: numbered, fresh };
  }

  #numberOf(json: object): number {
    const known = this.#numbers.get(json);
    if (known !== undefined) return known;
    this.#numbers.set(json, ++this.#last);
    return this.#last;
  }
}

/** Reads every message of one sender, in their order. What two sets share is one object in both. */
export class SetReceiver {
  #held: ReadonlyMap<number, object> = new Map();

  /** Throws RangeError for a message that does not follow the one before. */
  read({ policies, fresh, ...rest }: CompiledMessage): Compiled {
    const held = new Map<number, object>();
    const records = policies.map(({ statement, ...policy }): PolicyRecord => {
      const json = fresh.get(statement) ?? this.#held.get(statement);
      if (json === undefined) throw new RangeError(`statement ${statement} never came`);
      held.set(statement, json);
      return { ...policy, json };
    });
    this.#held = held;
    return { ...rest, policies: records };
  }
}
