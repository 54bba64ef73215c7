// The tests that the Cedar project generates with its own implementation: each file in, what our closures and index say beside what Cedar said, out.
import fs from 'node:fs';
import path from 'node:path';
import { schemaToJson, statementToJson } from '../../../src/policy/check/cedar.ts';
import { compileExpression, type EntityData, type World } from '../../../src/policy/evaluate/closure.ts';
import { readEntity, UnsupportedExpression } from '../../../src/policy/evaluate/expression.ts';
import { callExtension } from '../../../src/policy/evaluate/extension.ts';
import { type Policy, readPolicy } from '../../../src/policy/evaluate/policy.ts';
import { compileRule } from '../../../src/policy/evaluate/rule.ts';
import { RuleIndex } from '../../../src/policy/evaluate/rule-index.ts';
import { bool, entityKey, text, type Value } from '../../../src/policy/evaluate/value.ts';
import { splitStatements } from '../../../src/policy/text/statements.ts';

type Json = Readonly<Record<string, unknown>>;

/** The integers of the corpus have 64 bits, and JSON.parse would round them. */
function parseExact(source: string): unknown {
  const marked = source.replace(
    /("(?:[^"\\]|\\.)*")|(-?\d{16,})/g,
    (_, quoted, number) => quoted ?? `{"__long":"${number}"}`,
  );
  return JSON.parse(marked);
}

/** Source: docs.cedarpolicy.com, "Entities JSON format". */
function readValue(json: unknown): Value {
  if (typeof json === 'boolean') return bool(json);
  if (typeof json === 'string') return text(json);
  if (typeof json === 'number') return { kind: 'long', value: BigInt(json) };
  if (Array.isArray(json)) return { kind: 'set', elements: json.map(readValue) };
  const object = json as Json;
  if (typeof object['__long'] === 'string') return { kind: 'long', value: BigInt(object['__long']) };
  if (object['__entity'] !== undefined) return readEntity(object);
  const call = object['__extn'] as
    | { readonly fn: string; readonly arg?: unknown; readonly args?: readonly unknown[] }
    | undefined;
  if (call === undefined) return { kind: 'record', fields: readFields(object) };
  const value = callExtension(call.fn, (call.args ?? [call.arg]).map(readValue));
  if (value === undefined) throw new Error(`the corpus holds what is no value: ${JSON.stringify(json)}`);
  return value;
}

function readFields(json: unknown): ReadonlyMap<string, Value> {
  return new Map(Object.entries((json ?? {}) as Json).map(([name, value]) => [name, readValue(value)]));
}

function keyOf(uid: unknown): string {
  const { type, id } = readEntity(uid);
  return entityKey(type, id);
}

interface Node {
  readonly attributes: ReadonlyMap<string, Value>;
  readonly tags: ReadonlyMap<string, Value>;
  readonly parents: readonly string[];
}

/** Actions come with the schema, every other entity with the test. */
function actionNodes(schema: string): readonly (readonly [string, Node])[] {
  const qualified = (namespace: string, name: string): string =>
    namespace === '' || name.includes('::') ? name : `${namespace}::${name}`;
  return Object.entries(schemaToJson(schema)).flatMap(([namespace, { actions = {} }]) =>
    Object.entries(actions).map(([id, { memberOf }]): [string, Node] => {
      const type = qualified(namespace, 'Action');
      const parents = (memberOf ?? []).map((parent) =>
        entityKey(parent.type == null ? type : qualified(namespace, parent.type), parent.id),
      );
      return [entityKey(type, id), { attributes: new Map(), tags: new Map(), parents }];
    }),
  );
}

function ancestorsOf(key: string, nodes: ReadonlyMap<string, Node>): ReadonlySet<string> {
  const ancestors = new Set<string>();
  const open = [...(nodes.get(key)?.parents ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (ancestors.has(next)) continue;
    ancestors.add(next);
    open.push(...(nodes.get(next)?.parents ?? []));
  }
  return ancestors;
}

function readEntities(entities: readonly Json[], schema: string): ReadonlyMap<string, EntityData> {
  const nodes = new Map<string, Node>([
    ...entities.map(({ uid, attrs, tags, parents }): [string, Node] => [
      keyOf(uid),
      { attributes: readFields(attrs), tags: readFields(tags), parents: (parents as readonly unknown[]).map(keyOf) },
    ]),
    ...actionNodes(schema),
  ]);
  return new Map([...nodes].map(([key, node]) => [key, { ...node, ancestors: ancestorsOf(key, nodes) }]));
}

interface Answer {
  readonly decision: string;
  readonly reason: readonly string[];
  readonly errors: readonly string[];
}

/** Only the index decides what is evaluated: a policy that it leaves out wrongly is missing from the answer. */
function answer(policies: readonly Policy[], world: World): Answer {
  const applicable = policies.filter(({ scope }) =>
    [scope.principal, scope.action].every((part) => {
      const value = compileExpression(part)(world);
      return value?.kind === 'bool' && value.value;
    }),
  );
  const outcomes = new RuleIndex(applicable).candidates(world).map((candidate) => {
    const policy = applicable[candidate] as Policy;
    return { policy, outcome: compileRule(policy).evaluate(world) };
  });
  const satisfied = (effect: Policy['effect']): string[] =>
    outcomes
      .filter((each) => each.outcome === 'satisfied' && each.policy.effect === effect)
      .map(({ policy }) => policy.id);
  const [permits, forbids] = [satisfied('permit'), satisfied('forbid')];
  return {
    decision: permits.length > 0 && forbids.length === 0 ? 'allow' : 'deny',
    reason: (forbids.length > 0 ? forbids : permits).sort(),
    errors: outcomes.flatMap(({ policy, outcome }) => (outcome === 'error' ? [policy.id] : [])).sort(),
  };
}

export interface CorpusResult {
  compared: number;
  /** Requests whose policies hold an integer that the JSON of cedar-wasm rounds; a session refuses such policies. */
  unusable: number;
  readonly mismatches: string[];
}

interface CorpusTest {
  readonly policies: string;
  readonly entities: string;
  readonly schema: string;
  readonly requests: readonly (Json & Answer)[];
}

/** Runs one test of the corpus and adds to the result. `folder` holds the files that the test names. */
export function runCorpusTest(folder: string, name: string, result: CorpusResult): void {
  const read = (file: string): string => fs.readFileSync(path.join(folder, file), 'utf8');
  const test = parseExact(read(name)) as CorpusTest;
  let policies: readonly Policy[];
  try {
    policies = splitStatements(read(test.policies)).map((statement, i) =>
      readPolicy({ id: `policy${i}`, shadow: false, json: statementToJson(statement.text) }),
    );
  } catch (error) {
    if (!(error instanceof UnsupportedExpression)) throw error;
    result.unusable += test.requests.length;
    return;
  }
  const entities = readEntities(parseExact(read(test.entities)) as readonly Json[], read(test.schema));
  for (const request of test.requests) {
    const world: World = {
      principal: readEntity(request['principal']),
      action: readEntity(request['action']),
      resource: readEntity(request['resource']),
      context: readValue(request['context']),
      entity: (type, id) => entities.get(entityKey(type, id)),
    };
    const own = answer(policies, world);
    const { decision, reason, errors } = request;
    const expected: Answer = { decision, reason: reason.toSorted(), errors: errors.toSorted() };
    result.compared++;
    if (JSON.stringify(own) !== JSON.stringify(expected)) {
      result.mismatches.push(JSON.stringify({ name, request: request['description'], own, expected }));
    }
  }
}
