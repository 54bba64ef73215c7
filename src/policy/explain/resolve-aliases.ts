// A statement in, the same with the names of a session's directories replaced by the directories out.
import { ALIASES, type Alias, aliasTarget, type SessionFacts } from '../facts.ts';
import { tokenize, unescapeString } from '../text/lexer.ts';
import { applyEdits, type Edit } from '../text/rewrite.ts';

/** The directory an id names, when it is `@workspace/` or the like, with or without the slash. */
function targetOf(id: string, facts: SessionFacts): string | undefined {
  const alias: Alias | undefined = ALIASES.find((name) => id === name || id === name.slice(0, -1));
  if (alias === undefined) return undefined;
  const target = aliasTarget(facts, alias);
  return id.endsWith('/') || target === '/' ? target : target.slice(0, -1);
}

/** `Dir::"@workspace/"` becomes `Dir::"/w/"`; other strings stay. `facts` are canonical. */
export function resolveAliases(text: string, facts: SessionFacts): string {
  const tokens = tokenize(text).filter(({ kind }) => kind !== 'space' && kind !== 'comment');
  const edits = tokens.flatMap((token, at): readonly Edit[] => {
    const isDirectory = token.kind === 'string' && tokens[at - 1]?.text === '::' && tokens[at - 2]?.text === 'Dir';
    const id = isDirectory ? unescapeString(token.text) : undefined;
    const target = id === undefined ? undefined : targetOf(id, facts);
    if (target === undefined) return [];
    const why = 'an alias stands for a directory';
    return [{ start: token.start, length: token.text.length, replacement: JSON.stringify(target), why }];
  });
  return applyEdits(text, edits);
}
