// Refuses what no layer can decide: actions and entities that are not enforced yet, names that no request can ever have.
import { UNENFORCED_ACTIONS } from '../evaluate/actions.ts';
import type { Expression } from '../evaluate/expression.ts';
import { parseHostId } from '../evaluate/host-entity.ts';
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

function actionFault(id: string): Fault | undefined {
  if (!(UNENFORCED_ACTIONS as readonly string[]).includes(id)) return undefined;
  return { message: `${id} is not enforced by this version yet`, hint: 'remove the policy; nothing would come of it' };
}

function literalFault({ type, id, text }: Literal): Fault | undefined {
  switch (type) {
    case 'Dir':
      return directoryFault(id);
    case 'File':
      return fileFault(id);
    case 'Host':
      return hostFault(id, text);
    case 'Action':
      return actionFault(id);
    default:
      return undefined;
  }
}

/** `MCP::Tool`, `MCP::Server` and `Secret` occur only in requests of actions that are not enforced. */
function typeFault(tokens: readonly Token[], at: number): Fault | undefined {
  const token = tokens[at]!;
  const isType = tokens[at + 1]?.text === '::' || tokens[at - 1]?.text === 'is';
  if (token.kind !== 'name' || !isType || (token.text !== 'MCP' && token.text !== 'Secret')) return undefined;
  return { message: `entities of ${token.text} are not enforced by this version yet`, hint: 'remove the policy' };
}

/** Faults that show in the text of a statement. */
export function literalFaults({ tokens }: Statement): readonly Diagnostic[] {
  return tokens.flatMap((token, at) => {
    if (tokens[at - 1]?.text === '::') return [];
    const literal = entityLiteralAt(tokens, at);
    const fault = typeFault(tokens, at) ?? (literal && literalFault(literal));
    return fault === undefined
      ? []
      : [{ start: token.start, length: literal?.text.length ?? token.text.length, ...fault }];
  });
}

/** Operators on whose operands an entity literal is only compared, never looked into. */
const COMPARING: ReadonlySet<string> = new Set(['equal', 'notEqual', 'contains', 'containsAll', 'containsAny']);

function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.op) {
    case 'literal':
    case 'variable':
      return [];
    case 'if':
      return [expression.test, expression.yes, expression.no];
    case 'set':
      return expression.elements;
    case 'record':
      return expression.fields.map(([, value]) => value);
    case 'call':
      return expression.operands;
    case 'is':
      return expression.within === undefined ? [expression.operand] : [expression.operand, expression.within];
    default:
      return 'operand' in expression ? [expression.operand] : [expression.left, expression.right];
  }
}

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
  return childrenOf(expression).every((child) => {
    const isSetOfLiterals = child.op === 'set' && child.elements.some(isEntityLiteral);
    if ((isEntityLiteral(child) || isSetOfLiterals) && !mayHoldLiteral(expression, child)) return false;
    return isSetOfLiterals
      ? child.elements.every((element) => isEntityLiteral(element) || namesOnly(element))
      : namesOnly(child);
  });
}
