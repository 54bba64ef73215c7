// The agent's environment and files of its own in its home in; the bytes that bring them through the warden's door out.
import type { SandboxRequest } from '../plan.ts';

/** Path below the home, and text, of each in turn. */
function copiesIn({ home, copies = {} }: Pick<SandboxRequest, 'home' | 'copies'>): readonly string[] {
  return Object.entries(copies).flatMap(([file, text]) =>
    file.startsWith(`${home}/`) ? [file.slice(home.length + 1), text] : [],
  );
}

/**
 * Variables, an empty text, and the copies, each text with its NUL. Source: native/include/entry.h.
 * @param owner who has a private home; nothing is put into a home that is the host's
 */
export function belongings(
  env: Readonly<Record<string, string>>,
  owner: Pick<SandboxRequest, 'home' | 'copies'> | undefined,
): Buffer {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const texts = [...variables, '', ...(owner === undefined ? [] : copiesIn(owner))];
  return Buffer.from(texts.map((text) => `${text}\0`).join(''));
}
