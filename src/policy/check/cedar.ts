// The official Cedar implementation (WebAssembly): parser, validator and converter. The only module that loads it.
import { createRequire } from 'node:module';
import v8 from 'node:v8';
import type * as Cedar from '@cedar-policy/cedar-wasm/nodejs';

export type { SchemaJson } from '@cedar-policy/cedar-wasm/nodejs';

// V8 up to at least Node 20.20 aborts the process when it deoptimises an inlined call into this module; must come before loading it.
v8.setFlagsFromString('--no-turbo-inline-js-wasm-calls');
// Optimising its functions takes longer than what a command asks of them: a check of a policy 1.6 s of processor time, instead of 0.5. Those
// that run for minutes get there still.
v8.setFlagsFromString('--wasm-tiering-budget=2000000000');

const require = createRequire(import.meta.url);
const MODULE = '@cedar-policy/cedar-wasm/nodejs';
let loaded: typeof Cedar | undefined;

/** A finding of Cedar about one statement. Offsets are UTF-16 in the statement's text. */
export interface Finding {
  readonly statement: string;
  readonly message: string;
  readonly help: string | undefined;
  readonly start: number;
  readonly length: number;
  /** A warning that the statement can never apply. */
  readonly impossible: boolean;
  readonly warning: boolean;
}

/** The library ran out of stack; the instance is unusable and has been discarded. */
export class CedarTrap extends Error {}

function withCedar<T>(use: (cedar: typeof Cedar) => T): T {
  loaded ??= require(MODULE) as typeof Cedar;
  try {
    return use(loaded);
  } catch (cause) {
    // WebAssembly.RuntimeError when the instance's own stack ends first, RangeError when V8's does.
    if (!(cause instanceof Error && (cause.name === 'RuntimeError' || cause instanceof RangeError))) throw cause;
    // Afterwards every call fails with "memory access out of bounds": the next caller gets a new instance.
    loaded = undefined;
    delete require.cache[require.resolve(MODULE)];
    throw new CedarTrap('the policy is too complex for the Cedar library', { cause });
  }
}

type Statements = Readonly<Record<string, string>>;

/** Cedar counts UTF-8 bytes. */
function utf16Offset(text: string, byte: number): number {
  return new TextDecoder().decode(new TextEncoder().encode(text).subarray(0, byte)).length;
}

const NAMES_POLICY = /^(?:for policy `([^`]*)`, |failed to parse policy with id `([^`]*)` from string: )/;

function finding(error: Cedar.DetailedError, statements: Statements, id: string, warning: boolean): Finding {
  const text = statements[id] ?? '';
  const [place] = error.sourceLocations ?? [];
  const start = place === undefined ? 0 : utf16Offset(text, place.start);
  const end = place === undefined ? text.length : utf16Offset(text, place.end);
  const expected = place?.label ?? undefined;
  return {
    statement: id,
    message: error.message.replace(NAMES_POLICY, ''),
    help: error.help?.replace(NAMES_POLICY, '') ?? expected,
    start,
    length: end - start,
    impossible: /policy is impossible|unable to find an applicable action/.test(error.message),
    warning,
  };
}

/** Syntax errors of all statements; none when every one is a static policy. Throws CedarTrap. */
export function findSyntaxErrors(statements: Statements): readonly Finding[] {
  const answer = withCedar((cedar) => cedar.checkParsePolicySet({ staticPolicies: { ...statements } }));
  if (answer.type === 'success') return [];
  return answer.errors.map((error) => {
    const match = NAMES_POLICY.exec(error.message);
    return finding(error, statements, match?.[2] ?? match?.[1] ?? '', false);
  });
}

let lastSchema: { readonly text: string; readonly json: Cedar.SchemaJson<string> } | undefined;

/** The library reads a schema anew for each validation; in this format in half the time. */
function quickSchema(text: string): Cedar.SchemaJson<string> {
  if (lastSchema?.text !== text) lastSchema = { text, json: schemaToJson(text) };
  return lastSchema.json;
}

/** Strict validation of statements that parse. Throws CedarTrap, and Error for a broken schema. */
export function validateStatements(statements: Statements, schema: string): readonly Finding[] {
  const answer = withCedar((cedar) =>
    cedar.validate({
      schema: quickSchema(schema),
      policies: { staticPolicies: { ...statements } },
      validationSettings: { mode: 'strict' },
    }),
  );
  if (answer.type === 'failure') throw new Error(`Cedar could not validate: ${answer.errors[0]?.message}`);
  return [
    ...answer.validationErrors.map(({ policyId, error }) => finding(error, statements, policyId, false)),
    ...answer.validationWarnings.map(({ policyId, error }) => finding(error, statements, policyId, true)),
  ];
}

/** The whole text as the official formatter writes it; undefined when it does not parse. Throws CedarTrap. */
export function formatPolicyText(text: string): string | undefined {
  const answer = withCedar((cedar) => cedar.formatPolicies({ policyText: text }));
  return answer.type === 'success' ? answer.formatted_policy : undefined;
}

/** A question to the official authorizer, in Cedar's own JSON. */
export interface AuthorizerQuestion {
  readonly principal: Cedar.EntityUid;
  readonly action: Cedar.EntityUid;
  readonly resource: Cedar.EntityUid;
  readonly context: Cedar.Context;
  readonly entities: Cedar.Entities;
}

/** Its answer; a refusal says why the question is none under the schema. */
export type AuthorizerAnswer =
  | {
      readonly ok: true;
      readonly effect: 'allow' | 'deny';
      readonly policies: readonly string[];
      readonly errors: readonly string[];
    }
  | { readonly ok: false; readonly why: string };

let prepared = 0;

/**
 * Makes the official authorizer ready for one policy set; what it returns answers questions, whose request and entities must conform to
 * the schema. Throws CedarTrap, and Error when the statements or the schema do not parse.
 */
export function prepareAuthorizer(
  statements: Statements,
  schema: string,
): (question: AuthorizerQuestion) => AuthorizerAnswer {
  const name = `set${++prepared}`;
  const answers = withCedar((cedar) => [
    cedar.preparsePolicySet(name, { staticPolicies: { ...statements } }),
    cedar.preparseSchema(name, schema),
  ]);
  for (const answer of answers) {
    if (answer.type === 'failure') throw new Error(`Cedar could not prepare: ${answer.errors[0]?.message}`);
  }
  return (question) => {
    const answer = withCedar((cedar) =>
      cedar.statefulIsAuthorized({
        ...question,
        preparsedPolicySetId: name,
        preparsedSchemaName: name,
        validateRequest: true,
      }),
    );
    if (answer.type === 'failure') return { ok: false, why: answer.errors.map(({ message }) => message).join('; ') };
    const { decision, diagnostics } = answer.response;
    return {
      ok: true,
      effect: decision,
      policies: diagnostics.reason,
      errors: diagnostics.errors.map(({ policyId }) => policyId),
    };
  };
}

/** One statement in Cedar's JSON policy format. Throws CedarTrap, and Error when it does not parse. */
export function statementToJson(statement: string): Cedar.PolicyJson {
  const answer = withCedar((cedar) => cedar.policyToJson(statement));
  if (answer.type === 'failure') throw new Error(`Cedar could not convert: ${answer.errors[0]?.message}`);
  return answer.json;
}

/** A schema in Cedar's JSON schema format. Throws Error for a broken one. */
export function schemaToJson(schema: string): Cedar.SchemaJson<string> {
  const answer = withCedar((cedar) => cedar.schemaToJson(schema));
  if (answer.type === 'failure') throw new Error(`Cedar could not read the schema: ${answer.errors[0]?.message}`);
  return answer.json;
}
