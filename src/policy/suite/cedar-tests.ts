// A file of tests in the format of `cedar run-tests` in, its tests out. No I/O but for entities that stand in a file of their own.
// Source: cedar-policy-cli 4.12, src/command/run_test.rs (RunTestsArgs, UncheckedTestCase).
import type { AuthorizerQuestion } from '../check/cedar.ts';
import type { Entity } from '../evaluate/value.ts';
import { entity } from '../evaluate/value.ts';
import { tokenize } from '../text/lexer.ts';
import { entityLiteralAt } from '../text/rewrite.ts';

export interface CedarTest {
  readonly name: string;
  readonly principal: Entity;
  readonly action: Entity;
  readonly resource: Entity;
  readonly context: AuthorizerQuestion['context'];
  /** Undefined when Leash makes them, as it does in a session: only tests of Leash leave them out. */
  readonly entities: AuthorizerQuestion['entities'] | undefined;
  readonly decision: 'allow' | 'deny';
  /** Ids that must be among the determining policies. */
  readonly reason: readonly string[];
  readonly errors: number;
}

/** What is wrong with a file of tests, and in which. */
export class TestFormatError extends Error {}

type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fail(where: string, what: string): never {
  throw new TestFormatError(`${where}: ${what}`);
}

function objectIn(json: Json, key: string, where: string): Json {
  const value = json[key];
  return isObject(value) ? value : fail(where, `"${key}" is not an object`);
}

/** `Type::"id"`. */
function entityIn(json: Json, key: string, where: string): Entity {
  const value = json[key];
  if (typeof value !== 'string') return fail(where, `"request.${key}" is not a string`);
  const tokens = tokenize(value).filter(({ kind }) => kind !== 'space');
  const literal = entityLiteralAt(tokens, 0);
  if (literal === undefined || literal.next !== tokens.length) {
    return fail(where, `"request.${key}" is ${JSON.stringify(value)}, not an entity such as File::"/etc/hosts"`);
  }
  return entity(literal.type, literal.id);
}

function reasonIn(json: Json, where: string): readonly string[] {
  const value = json['reason'];
  if (!Array.isArray(value) || !value.every((id) => typeof id === 'string')) {
    return fail(where, '"reason" is not a list of policy ids');
  }
  return value;
}

/** What `readEntities` is given is a path beside the file of tests; it throws TestFormatError for what it may not read. */
type ReadEntities = (file: string) => unknown;

function entitiesIn(json: Json, where: string, readEntities: ReadEntities): CedarTest['entities'] {
  const given = json['entities'];
  if (given === undefined) return undefined;
  const value = typeof given === 'string' ? readEntities(given) : given;
  // The shape of each is judged by Cedar.
  return Array.isArray(value) ? value : fail(where, '"entities" is neither a list nor the name of a file with one');
}

/** A test that does not say which MCP server its program belongs to means none. */
function withVia(context: Json): Json {
  const { proc } = context;
  return isObject(proc) && !('via' in proc) ? { ...context, proc: { ...proc, via: '' } } : context;
}

function readTest(json: unknown, index: number, readEntities: ReadEntities): CedarTest {
  const named = isObject(json) && typeof json['name'] === 'string' ? ` ${JSON.stringify(json['name'])}` : '';
  const where = `test ${index + 1}${named}`;
  if (!isObject(json)) return fail(where, 'it is not an object');
  const request = objectIn(json, 'request', where);
  const { decision, num_errors: errors } = json;
  if (decision !== 'allow' && decision !== 'deny') return fail(where, '"decision" is not "allow" or "deny"');
  if (typeof errors !== 'number' || !Number.isInteger(errors) || errors < 0) {
    return fail(where, '"num_errors" is not a number of errors');
  }
  return {
    name: typeof json['name'] === 'string' ? json['name'] : `${index + 1}`,
    principal: entityIn(request, 'principal', where),
    action: entityIn(request, 'action', where),
    resource: entityIn(request, 'resource', where),
    context: withVia(objectIn(request, 'context', where)) as CedarTest['context'],
    entities: entitiesIn(json, where, readEntities),
    decision,
    reason: reasonIn(json, where),
    errors,
  };
}

/** Reads the tests of a file. Throws TestFormatError. */
export function readCedarTests(text: string, readEntities: ReadEntities): readonly CedarTest[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new TestFormatError(`it is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  if (!Array.isArray(json)) throw new TestFormatError('it is not a list of tests');
  return json.map((test, index) => readTest(test, index, readEntities));
}
