// What the first process of a container is told in; the bytes that bring it through the warden's door out.
import type { SandboxRequest } from '../plan.ts';

export interface Belongings {
  /** Who the agent is: as `Image.user`. */
  readonly user: string;
  /** `TARGET:PLACE` each. */
  readonly links: readonly string[];
  /** The agent's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Who has a private home; nothing is put into a home that is the host's. */
  readonly owner: Pick<SandboxRequest, 'home' | 'copies'> | undefined;
}

/** Path below the home, and text, of each in turn. */
function copiesIn({ home, copies = {} }: Pick<SandboxRequest, 'home' | 'copies'>): readonly string[] {
  return Object.entries(copies).flatMap(([file, text]) =>
    file.startsWith(`${home}/`) ? [file.slice(home.length + 1), text] : [],
  );
}

/** Three lists of texts, each text with its NUL, each list ended by an empty one. Source: native/include/entry.h. */
export function encodeBelongings({ user, links, env, owner }: Belongings): Buffer {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const texts = [user, ...links, '', ...variables, '', ...(owner === undefined ? [] : copiesIn(owner))];
  return Buffer.from(texts.map((text) => `${text}\0`).join(''));
}
