// A statement in; the entities it names that no request can ever have out.
import { type Expression, operandsOf } from '../evaluate/expression.ts';
import { parseHostId } from '../evaluate/host-entity.ts';
import { splitRepository } from '../evaluate/repository-entity.ts';
import { ALIASES, isCanonicalPath, REGISTRY_ROLES, registryGroup } from '../facts.ts';
import type { Diagnostic } from '../text/diagnostic.ts';
import type { Token } from '../text/lexer.ts';
import { entityLiteralAt, type Literal } from '../text/rewrite.ts';
import type { Statement } from '../text/statements.ts';

interface Fault {
  readonly message: string;
  readonly hint?: string;
}

const ALIAS_NAMES: readonly string[] = ALIASES.flatMap((alias) => [alias, alias.slice(0, -1)]);

function directoryFault(id: string): Fault | undefined {
  if (ALIAS_NAMES.includes(id)) return undefined;
  if (id.startsWith('@')) {
    const hint = `the names are ${ALIASES.join(' ')}; for a place below one, add \`resource.path like "*/name/*"\``;
    return { message: `no directory is called ${JSON.stringify(id)}`, hint };
  }
  return isCanonicalPath(id) ? undefined : notCanonical(id);
}

function notCanonical(id: string): Fault {
  const hint = 'start with "/", or with a name such as Dir::"@workspace/"; no "//", "/./" or "/../"';
  return { message: `no request names the path ${JSON.stringify(id)}`, hint };
}

function fileFault(id: string): Fault | undefined {
  if (id.endsWith('/'))
    return { message: `${JSON.stringify(id)} is a directory, not a file`, hint: `write Dir::${JSON.stringify(id)}` };
  return isCanonicalPath(id) ? undefined : notCanonical(id);
}

/** Whether a text needs the user's registries is seen in its bytes, so the group is written as it is. */
function registryFault(id: string, literal: string): Fault | undefined {
  const groups = REGISTRY_ROLES.map(registryGroup);
  const hint = `the groups are ${groups.map((group) => `Host::"${group}"`).join(', ')}; any other name is the host's own`;
  if (!groups.includes(id)) return { message: `there is no group ${JSON.stringify(id)}`, hint };
  return literal.endsWith(`"${id}"`) ? undefined : { message: `${id} is written with escapes`, hint };
}

function hostFault(id: string, literal: string): Fault | undefined {
  if (id.startsWith('@')) return registryFault(id, literal);
  if (parseHostId(id) !== undefined) return undefined;
  const hint =
    'lower-case name, "*.suffix", "*" or an address, each with an optional ":port" up to 65535; no scheme, path or range';
  return { message: `no request names the host ${JSON.stringify(id)}`, hint };
}

function repositoryFault(id: string): Fault | undefined {
  const { host = '', path = '' } = splitRepository(id) ?? {};
  const pattern = parseHostId(host);
  const isHost = pattern !== undefined && pattern.port === undefined && !pattern.name.startsWith('*');
  const isInBrackets = id.startsWith('[');
  const isPath = path === '' || isCanonicalPath(`/${path}`);
  if (isHost && isInBrackets === host.includes(':') && isPath && !path.endsWith('.git')) return undefined;
  const hint = 'host and path, `forge.example/team/app`, or a folder, `forge.example/team/`; no scheme, port or `.git`';
  return { message: `no request names the repository ${JSON.stringify(id)}`, hint };
}

function literalFault({ type, id, text }: Literal): Fault | undefined {
  switch (type) {
    case 'Dir':
      return directoryFault(id);
    case 'File':
      return fileFault(id);
    case 'Host':
      return hostFault(id, text);
    case 'Repository':
      return repositoryFault(id);
    default:
      return undefined;
  }
}

function placed(token: Token, literal: Literal | undefined, fault: Fault): Diagnostic {
  return { start: token.start, length: literal?.text.length ?? token.text.length, ...fault };
}

/** Entities that no request can have. */
export function literalFaults({ tokens }: Statement): readonly Diagnostic[] {
  return tokens.flatMap((token, at) => {
    const literal = tokens[at - 1]?.text === '::' ? undefined : entityLiteralAt(tokens, at);
    const fault = literal && literalFault(literal);
    return fault === undefined ? [] : [placed(token, literal, fault)];
  });
}

/** Operators on whose operands an entity literal is only compared, never looked into. */
const COMPARING: ReadonlySet<string> = new Set(['equal', 'notEqual', 'contains', 'containsAll', 'containsAny']);

function isEntityLiteral(expression: Expression): boolean {
  return expression.op === 'literal' && expression.value.kind === 'entity';
}

/** Where an entity literal (or a set of them) may stand: compared as a whole, or as the parent in a membership test. */
function mayHoldLiteral(parent: Expression, child: Expression): boolean {
  if (COMPARING.has(parent.op)) return true;
  if (parent.op === 'in') return child === parent.right;
  return parent.op === 'is' && child === parent.within;
}

/**
 * Is every entity literal in a place where only its name matters? Elsewhere (`Dir::"/a/" in Dir::"/"`, `File::"/a".path`) the answer
 * would depend on which entities a request happens to bring along.
 */
export function namesOnly(expression: Expression): boolean {
  return operandsOf(expression).every((child) => {
    const isSetOfLiterals = child.op === 'set' && child.elements.some(isEntityLiteral);
    if ((isEntityLiteral(child) || isSetOfLiterals) && !mayHoldLiteral(expression, child)) return false;
    return isSetOfLiterals
      ? child.elements.every((element) => isEntityLiteral(element) || namesOnly(element))
      : namesOnly(child);
  });
}
