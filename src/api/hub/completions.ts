// A policy text and a place in it in, what could be written there out; the words there are, and the text in the official layout.
import type { Completion } from '../../policy/complete/complete.ts';
import type { Vocabulary } from '../../policy/complete/vocabulary.ts';
import { API_ROOT, type PolicyWords } from '../../schema/api.ts';
import { type Route, route } from './route.ts';
import { completionQuestion, completions, policyText, policyWords } from './schemas.ts';

let vocabulary: Promise<Vocabulary> | undefined;

/** Of the schema, which does not change: read with the first question. */
async function loadVocabulary(): Promise<Vocabulary> {
  const [{ cedarSchema }, { schemaToJson }, { vocabularyOf }] = await Promise.all([
    import('../../policy/cedar-schema.ts'),
    import('../../policy/check/cedar.ts'),
    import('../../policy/complete/vocabulary.ts'),
  ]);
  return vocabularyOf(schemaToJson(cedarSchema()));
}

async function words(): Promise<PolicyWords> {
  vocabulary ??= loadVocabulary();
  const { actions, entityTypes, context, attributes } = await vocabulary;
  return { actions, entityTypes, context: Object.fromEntries(context), attributes: Object.fromEntries(attributes) };
}

/** @param offset UTF-16, from 0 */
export async function completionsAt(text: string, offset: number, most: number): Promise<readonly Completion[]> {
  const { complete } = await import('../../policy/complete/complete.ts');
  vocabulary ??= loadVocabulary();
  return complete(text, Math.min(offset, text.length), await vocabulary, most);
}

export const COMPLETION_ROUTES: readonly Route[] = [
  route({
    method: 'POST',
    path: `${API_ROOT}/policy/complete`,
    access: 'session',
    summary: 'What could be written at an offset of a policy text; offsets count UTF-16 units, as editors do',
    body: completionQuestion,
    reply: completions,
    answer: async ({ body: { text, offset, most } }) => ({ body: { items: await completionsAt(text, offset, most) } }),
  }),
  route({
    method: 'GET',
    path: `${API_ROOT}/policy/words`,
    access: 'session',
    summary: 'What policies can speak of: actions, entity types and their attributes, with what each means',
    reply: policyWords,
    answer: async () => ({ body: await words() }),
  }),
  route({
    method: 'POST',
    path: `${API_ROOT}/policy/format`,
    access: 'session',
    summary: 'A policy text in the official layout; refused when the formatter would lose anything',
    body: policyText,
    reply: policyText,
    answer: async ({ body: { text } }) => {
      const { formatSource } = await import('../../policy/check/format.ts');
      return { body: { text: formatSource({ name: 'policy', text }) } };
    },
  }),
];
