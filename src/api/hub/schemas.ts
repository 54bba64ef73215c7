// The words of the API as schemas: they check what comes in, and describe in OpenAPI what goes out.
import { z } from 'zod';
import type {
  ApiFailure,
  EventPage,
  EventQuery,
  PolicyDifference,
  PolicyFindings,
  PolicyVersion,
  PolicyWords,
  ProcessList,
  QuestionList,
  SessionList,
  SessionView,
} from '../../schema/api.ts';
import type { Question, Ruling } from '../../schema/approval.ts';
import { SCOPES } from '../../schema/approval.ts';
import type { Event } from '../../schema/event.ts';
import type { PolicyView } from '../../schema/policy-desk.ts';
import { MODES } from '../../schema/verdict.ts';

const count = z.number().int().nonnegative();
const effect = z.enum(['allow', 'deny']);
const texts = z.array(z.string()).readonly();
/** Milliseconds since the Unix epoch. */
const moment = z.number();
const state = z.enum(['running', 'ended', 'crashed']);

const sessionShape: z.ZodType<SessionView> = z.object({
  v: z.literal(1),
  id: z.string(),
  command: texts,
  workspace: z.string(),
  user: z.string(),
  mode: z.enum(MODES),
  engine: z.string(),
  backend: z.string(),
  policy: z.string(),
  plainSecrets: z.boolean().exactOptional(),
  reviewed: texts.exactOptional(),
  started: moment,
  ended: moment.exactOptional(),
  exitCode: z.number().int().exactOptional(),
  allowed: count.exactOptional(),
  denied: count.exactOptional(),
  pid: count,
  owner: z.string().exactOptional(),
  events: count.exactOptional(),
  head: z.string().exactOptional(),
  state,
  published: texts,
});

const failureShape: z.ZodType<ApiFailure> = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string(),
  details: texts,
});

/** An event as docs and src/schema/event.ts describe it. Readers ignore what they do not know. */
const eventShape: z.ZodType<Event> = z.looseObject({
  v: z.literal(1),
  time: moment,
  action: z.string(),
  resource: z.looseObject({ type: z.string() }),
  effect,
  enforced: z.boolean(),
  policies: texts,
  epoch: count,
}) as unknown as z.ZodType<Event>;

const processShape = z.object({
  pid: count,
  parent: count,
  exe: z.string(),
  argv: texts.exactOptional(),
  via: z.string().exactOptional(),
  first: moment,
  last: moment,
  events: count,
  denied: count,
});

const questionShape: z.ZodType<Question> = z.looseObject({
  id: z.string(),
  opened: moment,
  expires: moment,
  actions: texts,
  resource: z.looseObject({ type: z.string() }),
  text: z.string(),
  policies: texts,
  waiting: count,
}) as unknown as z.ZodType<Question>;

const EVENTS_MAX = 5_000;
const EVENTS_DEFAULT = 500;
const offset = z.coerce.number().int().min(-1);

/** Of a query, where every value is text. */
export const eventQuery: z.ZodType<EventQuery & { readonly after: number; readonly limit: number }> = z.strictObject({
  after: offset.default(-1),
  limit: z.coerce.number().int().min(1).max(EVENTS_MAX).default(EVENTS_DEFAULT),
  action: z.string().max(64).exactOptional(),
  effect: effect.exactOptional(),
  text: z.string().max(1_024).exactOptional(),
  pid: z.coerce.number().int().nonnegative().exactOptional(),
  call: z.string().max(32).exactOptional(),
  approval: z.enum(['any']).exactOptional(),
  since: z.coerce.number().exactOptional(),
  until: z.coerce.number().exactOptional(),
});

const lateness: z.ZodType<number> = z.coerce.number().int().min(1).max(20_000).default(10_000);

/** `behind`: how many events a reader may be late; earlier ones are left out, and a gap says so. `first`: the same for what is there already. */
export const streamQuery: z.ZodType<{ readonly after: number; readonly behind: number; readonly first: number }> =
  z.strictObject({ after: offset.default(-1), behind: lateness, first: lateness });

export const proofQuery: z.ZodType<{ readonly nonce: string; readonly scope: string }> = z.strictObject({
  nonce: z.string().regex(/^[0-9a-f]{32,64}$/),
  scope: z.string().regex(/^(user|session:\d{8}-\d{6}-[a-z0-9]{4})$/),
});

export const ruling: z.ZodType<Ruling> = z.union([
  z.strictObject({ effect: z.literal('allow'), scope: z.enum(SCOPES) }),
  z.strictObject({ effect: z.literal('deny'), scope: z.enum(['once', 'session']) }),
]);

export const nothing: z.ZodType<Readonly<Record<string, never>>> = z.strictObject({}).default({});

export const sessionView: z.ZodType<SessionView> = sessionShape;
export const sessionList: z.ZodType<SessionList> = z.object({
  sessions: z.array(sessionShape).readonly(),
  unreadable: texts,
});
export const apiFailure: z.ZodType<{ readonly error: ApiFailure }> = z.object({ error: failureShape });
export const eventPage: z.ZodType<EventPage> = z.object({
  events: z.array(z.object({ seq: count, event: eventShape })).readonly(),
  last: z.number().int().min(-1),
  isEnd: z.boolean(),
  state,
  fault: failureShape.exactOptional(),
});
export const processList: z.ZodType<ProcessList> = z.object({
  processes: z.array(processShape).readonly(),
  isCut: z.boolean(),
  isReading: z.boolean(),
});
export const questionList: z.ZodType<QuestionList> = z.object({
  questions: z.array(z.object({ session: z.string(), question: questionShape })).readonly(),
  silent: texts,
});

export const policyView: z.ZodType<PolicyView> = z.object({
  epoch: count,
  name: z.string(),
  text: z.string(),
  profiles: texts,
  file: z.string().exactOptional(),
  isKept: z.boolean(),
});
export const policyText: z.ZodType<{ readonly text: string }> = z.strictObject({ text: z.string() });
export const policyEdit: z.ZodType<{ readonly text: string; readonly keep: boolean }> = z.strictObject({
  text: z.string(),
  keep: z.boolean().default(false),
});
export const policyEpoch: z.ZodType<{ readonly epoch: number }> = z.object({ epoch: count });
const finding = z.looseObject({ line: count, column: count, message: z.string() });
export const policyFindings: z.ZodType<PolicyFindings> = z.object({
  ok: z.boolean(),
  faults: z.array(finding).readonly(),
  notes: z.array(finding).readonly(),
});
export const policyDifference: z.ZodType<PolicyDifference> = z.object({
  epoch: count,
  isWider: z.boolean(),
  differences: z.array(z.looseObject({})).readonly(),
  paragraphs: z.array(z.object({ heading: z.string(), lines: texts })).readonly(),
});
export const policyVersions: z.ZodType<{ readonly versions: readonly PolicyVersion[] }> = z.object({
  versions: z.array(z.object({ epoch: count, time: moment, name: z.string(), text: z.string() })).readonly(),
});
const policyWord = z.object({ name: z.string(), doc: z.string() });
const policyWordList = z.array(policyWord).readonly();
export const policyWords: z.ZodType<PolicyWords> = z.object({
  actions: policyWordList,
  entityTypes: policyWordList,
  context: z.record(z.string(), policyWordList),
  attributes: z.record(z.string(), policyWordList),
});

const COMPLETIONS_MAX = 500;
const mostItems = z.number().int().min(1).max(COMPLETIONS_MAX);
export const completionQuestion: z.ZodType<{ readonly text: string; readonly offset: number; readonly most: number }> =
  z.strictObject({ text: z.string(), offset: count, most: mostItems.default(100) });
export const completions: z.ZodType = z.object({
  items: z.array(
    z.object({
      label: z.string(),
      kind: z.string(),
      insertText: z.string(),
      doc: z.string(),
      start: count,
      end: count,
    }),
  ),
});

/** Of the paths that the reference has. */
export const chosenSession: z.ZodType<{ readonly session?: string }> = z.strictObject({
  session: z.string().max(64).exactOptional(),
});
export const cedarText: z.ZodType<{ readonly cedar?: string }> = z
  .strictObject({ cedar: z.string().exactOptional() })
  .default({});
const position = z.strictObject({ line: z.number().int().min(1), column: z.number().int().min(1) });
export const cursorQuestion: z.ZodType<{
  readonly cedar: string;
  readonly cursor: { readonly line: number; readonly column: number };
  readonly maxItems: number;
}> = z.strictObject({
  cedar: z.string(),
  cursor: position,
  maxItems: mostItems.default(100),
  /** Ids that a client would like offered; those of the text itself are. */
  idHints: z.looseObject({}).exactOptional(),
});
