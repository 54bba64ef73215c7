// The words of the API about learning as schemas: what is asked of recorded sessions, and what comes back.
import { z } from 'zod';
import type { BacktestAnswer, BacktestOrder, SuggestionAnswer, SuggestOrder } from '../../schema/learning.ts';

const SESSIONS_MAX = 500;
const count = z.number().int().nonnegative();
const texts = z.array(z.string()).readonly();
const moment = z.number();

const base = z.enum(['nothing', 'policy']);
const from = {
  sessions: z
    .array(z.string().regex(/^\d{8}-\d{6}-[a-z0-9]{4}$/))
    .min(1)
    .max(SESSIONS_MAX)
    .readonly()
    .exactOptional(),
  since: z.number().positive().exactOptional(),
};

export const suggestOrder: z.ZodType<SuggestOrder> = z
  .strictObject({
    ...from,
    base: base.exactOptional(),
    exact: z.boolean().exactOptional(),
    denied: z.boolean().exactOptional(),
  })
  .default({});

export const backtestOrder: z.ZodType<BacktestOrder> = z.strictObject({
  ...from,
  base: base.exactOptional(),
  text: z.string(),
});

const reads = z
  .array(z.object({ session: z.string(), events: count, torn: count, fault: z.string().exactOptional() }))
  .readonly();

export const suggestionAnswer: z.ZodType<SuggestionAnswer> = z.object({
  policy: z.string(),
  statements: z
    .array(
      z.object({
        id: z.string(),
        text: z.string(),
        actions: texts,
        events: count,
        sessions: count,
        names: count,
        examples: texts,
        widening: z.string().exactOptional(),
      }),
    )
    .readonly(),
  operations: z.object({ added: count, permitted: count }),
  events: z.object({ taken: count, denied: count, asked: count, cut: count }),
  notes: texts,
  proof: z
    .array(
      z.object({
        workspace: z.string(),
        differences: z.array(z.object({ heading: z.string(), lines: texts })).readonly(),
        more: count,
      }),
    )
    .readonly(),
  sessions: reads,
}) as unknown as z.ZodType<SuggestionAnswer>;

export const backtestAnswer: z.ZodType<BacktestAnswer> = z.object({
  changes: z.object({ 'newly denied': count, 'newly asked': count, 'newly allowed': count }),
  totals: z.object({
    evaluated: count,
    unchanged: count,
    inferred: count,
    uncertain: count,
    unseen: texts,
    own: count,
    lifecycle: count,
    unrepeatable: count,
  }),
  groups: z
    .array(
      z.object({
        change: z.enum(['newly denied', 'newly asked', 'newly allowed']),
        action: z.string(),
        place: z.string(),
        policies: texts,
        reason: z.string().exactOptional(),
        count,
        first: moment,
        last: moment,
        examples: z.array(z.object({ session: z.string(), seq: count, text: z.string() })).readonly(),
      }),
    )
    .readonly(),
  more: count,
  sessions: reads,
  unreadable: texts,
}) as unknown as z.ZodType<BacktestAnswer>;
