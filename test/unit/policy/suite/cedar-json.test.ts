import { expect, test } from 'vitest';
import { cedarSchema } from '../../../../src/policy/cedar-schema.ts';
import { prepareAuthorizer } from '../../../../src/policy/check/cedar.ts';
import { TooComplex } from '../../../../src/policy/compile/atoms.ts';
import { worldOf } from '../../../../src/policy/evaluate/world.ts';
import { questionOf } from '../../../../src/policy/suite/cedar-json.ts';
import type { CedarTest } from '../../../../src/policy/suite/cedar-tests.ts';
import { embeddedRequest } from '../../../../src/policy/suite/embedded-request.ts';
import { randomSet } from '../explain/random-set.ts';
import { FACTS } from '../judge.ts';
import { Generator } from '../random-policies.ts';

const FAMILIES = ['file', 'exec', 'net', 'http'] as const;

test('the official authorizer, asked with the entities Leash makes, decides as a session does', () => {
  const generator = new Generator(11);
  let asked = 0;
  while (asked < 600) {
    generator.family = generator.random.pick(FAMILIES);
    try {
      const { set, records, texts } = randomSet(generator, 5);
      const enforced = texts.flatMap((text, i) => (records[i]?.shadow ? [] : [[`p${i}`, text] as const]));
      const authorize = prepareAuthorizer(Object.fromEntries(enforced), cedarSchema());
      for (let i = 0; i < 10; i++) {
        const request = generator.request([]);
        // Not in the schema, and denied before any policy is looked at.
        if (request.action === 'ProcessExec' && request.resource.path.endsWith('/')) continue;
        const answer = authorize(questionOf(worldOf(request, FACTS)));
        if (!answer.ok) throw new Error(`${answer.why}: ${JSON.stringify(request)}`);
        const { effect, policies } = set.decide(request);
        expect([answer.effect, answer.policies.toSorted()]).toEqual([effect, policies.toSorted()]);
        asked++;
      }
    } catch (error) {
      if (!(error instanceof TooComplex)) throw error;
    }
  }
});

test('a question leads back to its request', () => {
  const generator = new Generator(12);
  let compared = 0;
  for (let i = 0; i < 400; i++) {
    generator.family = generator.random.pick(FAMILIES);
    const request = generator.request([]);
    const { principal, action, resource, context, entities } = questionOf(worldOf(request, FACTS));
    const entity = (uid: unknown) => ({ kind: 'entity', ...(uid as { type: string; id: string }) }) as const;
    const given: CedarTest = {
      name: '',
      principal: entity(principal),
      action: entity(action),
      resource: entity(resource),
      context,
      entities,
      decision: 'deny',
      reason: [],
      errors: 0,
    };
    const isWordy = request.action === 'ProcessExec' && request.argv.some((word) => word.includes(' ') || word === '');
    const isDirectory = request.action === 'ProcessExec' && request.resource.path.endsWith('/');
    if (isWordy || isDirectory) continue;
    const found = embeddedRequest(given, FACTS);
    if (request.action !== 'ProcessExec') expect(found).toEqual(request);
    else expect(found).toMatchObject({ resource: request.resource, program: request.program });
    compared++;
  }
  expect(compared).toBeGreaterThan(300);
});
