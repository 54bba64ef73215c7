// What policies ask of a request's Git record: the operation, and the repository, whose first part is the host of the request.

import { type Bdd, FALSE, type Node, TRUE } from '../compile/bdd.ts';
import type { HostText } from '../compile/host-text.ts';
import type { Term } from '../compile/term.ts';
import { TextSubject } from '../compile/text-subject.ts';
import { normalisePattern, type Pattern } from '../evaluate/like.ts';
import { splitRepository } from '../evaluate/repository-entity.ts';
import type { Language } from './language.ts';
import { repositoryPath } from './languages.ts';
import type { NetworkParts } from './network-parts.ts';
import { PresenceDimension } from './optional-dimension.ts';
import { TextDimension } from './text-dimension.ts';

/** Also the name of the dimension, which holds what comes after the host. */
export const REPOSITORY = 'context.git.repository';

/** Host, slash and path as one text. Of a pattern only the part after the first slash is left to automata. */
class RepositoryText {
  readonly name: string = REPOSITORY;
  readonly #bdd: Bdd;
  readonly #host: HostText;
  readonly #path: TextSubject;
  readonly #unknown: (description: string) => Node;

  constructor(bdd: Bdd, host: HostText, path: TextSubject, unknown: (description: string) => Node) {
    this.#bdd = bdd;
    this.#host = host;
    this.#path = path;
    this.#unknown = unknown;
  }

  like(source: Pattern): Node {
    const pattern = normalisePattern(source);
    const [first = '', ...rest] = pattern;
    if (first === null && rest.length === 0) return TRUE;
    const id = first === null ? undefined : splitRepository(first);
    // `forge.*`, `*/app`: the wildcard reaches into the host.
    if (first === null || (id === undefined && rest.length > 0))
      return this.#unknown(`${REPOSITORY} like ${JSON.stringify(pattern)}`);
    if (id === undefined) return FALSE;
    const isSpelled = first.startsWith(id.host.includes(':') ? '[' : id.host);
    return isSpelled ? this.#bdd.and(this.#host.like([id.host]), this.#path.like([id.path, ...rest])) : FALSE;
  }
}

export interface GitParts {
  /** `context.git`. */
  readonly term: Term;
  readonly isToRepository: (id: string) => Node;
}

/** `name`: where policies find the record. */
export function gitParts(parts: NetworkParts, name: string, operations: () => Language): GitParts {
  const { atoms, unknowns } = parts;
  const { bdd } = atoms;
  const presence = bdd.newVariable();
  const isPresent = bdd.literal(presence);
  parts.dimensions.push(new PresenceDimension(bdd, name, presence));
  const path = new TextSubject(REPOSITORY, atoms);
  const repository = new RepositoryText(bdd, parts.host.text, path, (description) => unknowns.truth(description).yes);
  parts.texts.push(repository);
  const operation = parts.textTerm(`${name}.operation`, operations, 'fetch');
  parts.dimensions.push(new TextDimension(atoms, { name: REPOSITORY, language: repositoryPath, usual: 'a' }));
  const fields = new Map<string, Term>([
    ['operation', operation],
    ['repository', { kind: 'someText', subject: REPOSITORY }],
  ]);
  return {
    term: { kind: 'optional', isPresent, value: { kind: 'record', fields } },
    isToRepository: (id) => bdd.and(isPresent, repository.like(id.endsWith('/') ? [id, null] : [id])),
  };
}
