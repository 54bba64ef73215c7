// What a request's context and a host's groups are by the schema, the domain must know: a field it lacks would be an error to it, not a question.
import { expect, test } from 'vitest';
import { cedarSchema } from '../../../src/policy/cedar-schema.ts';
import { PEER_CONTEXT, type PeerAction } from '../../../src/policy/peer-domain.ts';
import { cedar } from './judge.ts';

interface Fragment {
  readonly actions: Record<string, { appliesTo?: { context?: { attributes?: Record<string, unknown> } } }>;
  readonly entityTypes: Record<string, { memberOfTypes?: readonly string[] }>;
}

function schema(): Fragment {
  const answer = cedar.schemaToJson(cedarSchema());
  if (answer.type !== 'success') throw new Error(JSON.stringify(answer.errors));
  return (answer.json as Record<string, Fragment>)['']!;
}

test.each(Object.keys(PEER_CONTEXT) as PeerAction[])('knows every field of %s', (action) => {
  const fields = Object.keys(schema().actions[action]?.appliesTo?.context?.attributes ?? {});
  expect(fields.length).toBeGreaterThan(1);
  expect(['hostname', ...PEER_CONTEXT[action]]).toEqual(expect.arrayContaining(fields));
});

test('knows what a host can be in', () => {
  const groups = schema().entityTypes['Host']?.memberOfTypes ?? [];
  expect([...groups].sort()).toEqual(['Host', 'Repository']);
});
