// The words of changes and of this machine's findings as schemas: what is asked is checked by them, and what is answered described.
import { z } from 'zod';
import type {
  ChangeChoice,
  ChangeList,
  ChangesAccepted,
  ChangesDiscarded,
  ChangeText,
  DoctorReport,
} from '../../schema/api.ts';

const count = z.number().int().nonnegative();
const texts = z.array(z.string()).readonly();
const CHOICES_MAX = 10_000;

/** As `idOf` makes it: it holds no path, so no request leads anywhere. */
const CHANGE_ID = /^[A-Za-z0-9_-]{22}$/;
export const isChangeId = (text: string): boolean => CHANGE_ID.test(text);

const all = z.literal(true);
const ids = z.array(z.string().regex(CHANGE_ID)).min(1).max(CHOICES_MAX).readonly();
const force = z.boolean().default(false);

export const acceptChoice: z.ZodType<ChangeChoice & { readonly force: boolean }> = z.union([
  z.strictObject({ all, force }),
  z.strictObject({ ids, force }),
]);
export const discardChoice: z.ZodType<ChangeChoice> = z.union([z.strictObject({ all }), z.strictObject({ ids })]);

const changeShape = z.object({
  id: z.string(),
  name: z.string(),
  change: z.enum(['A', 'D', 'M', 'T']),
  kind: z.enum(['file', 'folder', 'link', 'special']),
  before: count.exactOptional(),
  after: count.exactOptional(),
  isConflict: z.boolean(),
  refused: z.string().exactOptional(),
  note: z.string().exactOptional(),
});

export const changeList: z.ZodType<ChangeList> = z.object({
  isReviewed: z.boolean(),
  isOver: z.boolean(),
  changes: z.array(changeShape).readonly(),
  total: count,
});
export const changeText: z.ZodType<ChangeText> = z.object({
  id: z.string(),
  header: texts,
  lines: texts,
  added: count,
  removed: count,
  hidden: z.enum(['binary', 'large', 'too different']).exactOptional(),
  isCut: z.boolean(),
});
export const changesAccepted: z.ZodType<ChangesAccepted> = z.object({
  accepted: count,
  conflicts: texts,
  refused: texts,
  kept: texts,
});
export const changesDiscarded: z.ZodType<ChangesDiscarded> = z.object({ discarded: count });

export const doctorReport: z.ZodType<DoctorReport> = z.object({
  probes: z
    .array(
      z.object({
        id: z.string(),
        name: z.string(),
        state: z.enum(['ok', 'degraded', 'missing', 'unknown']),
        detail: z.string(),
        fix: z.string().exactOptional(),
        required: z.boolean(),
      }),
    )
    .readonly(),
  canStart: z.boolean(),
  engine: z.string(),
  backend: z.string(),
  refusals: texts,
});
