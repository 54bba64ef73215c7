import { expect, test } from 'vitest';

import { worldOf } from '../../../../src/policy/evaluate/world.ts';
import { questionOf } from '../../../../src/policy/suite/cedar-json.ts';
import type { CedarTest } from '../../../../src/policy/suite/cedar-tests.ts';
import { embeddedRequest } from '../../../../src/policy/suite/embedded-request.ts';
import type { Request } from '../../../../src/schema/request.ts';
import { FACTS } from '../judge.ts';
import { Generator } from '../random-policies.ts';

/** The test that asks Cedar what a session asks with this request. */
function testOf(request: Request): CedarTest {
  const { principal, action, resource, context, entities } = questionOf(worldOf(request, FACTS));
  const of = (uid: unknown): CedarTest['resource'] => ({ kind: 'entity', ...(uid as { type: string; id: string }) });
  const uids = { principal: of(principal), action: of(action), resource: of(resource) };
  return { name: 't', ...uids, context, entities, decision: 'allow', reason: [], errors: 0 };
}

test.each(['mcp', 'secret', 'rewrite', 'http'] as const)(
  'a request of the family %s, written as a Cedar test and read again',
  (family) => {
    const generator = new Generator(11);
    generator.family = family;
    for (let i = 0; i < 60; i++) {
      const request = generator.request([]);
      expect(embeddedRequest(testOf(request), FACTS)).toEqual(request);
    }
  },
);

test('a context that contradicts the resource is no request', () => {
  const generator = new Generator(12);
  generator.family = 'rewrite';
  const rewrite = testOf(generator.request([]));
  expect(
    embeddedRequest({ ...rewrite, resource: { ...rewrite.resource, id: 'other.example' } }, FACTS),
  ).toBeUndefined();
  expect(embeddedRequest({ ...rewrite, context: { hostname: rewrite.resource.id } }, FACTS)).toBeUndefined();
});
