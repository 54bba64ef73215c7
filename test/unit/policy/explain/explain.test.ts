import { expect, test } from 'vitest';
import { cedarSchema } from '../../../../src/policy/cedar-schema.ts';
import { checkSource } from '../../../../src/policy/check/check-source.ts';
import { TooComplex } from '../../../../src/policy/compile/atoms.ts';
import { type Explanation, explainRequest } from '../../../../src/policy/explain/explain.ts';
import { outline } from '../../../../src/policy/explain/outline.ts';
import { explanationParagraphs } from '../../../../src/policy/explain/sentences.ts';
import { loadPolicies } from '../../../../src/policy/load.ts';
import type { Request } from '../../../../src/schema/request.ts';
import { FACTS } from '../judge.ts';
import { Generator } from '../random-policies.ts';
import { randomSet } from './random-set.ts';

const DAY = '2026-11-25';

async function explain(
  text: string,
  request: Request,
): Promise<{ readonly explanation: Explanation; readonly said: string }> {
  const source = { name: 'p.cedar', text };
  const { policies } = checkSource(source, cedarSchema(), DAY);
  const explanation = explainRequest(await loadPolicies(source, FACTS), policies, FACTS, request);
  const outlines = new Map(outline(source, DAY).map((entry) => [entry.id, entry]));
  const paragraphs = explanationParagraphs(explanation, outlines);
  return { explanation, said: paragraphs.flatMap(({ heading, lines }) => [heading, ...lines]).join('\n') };
}

const program = { exe: '/usr/bin/node', uid: 1000 };
const write = (path: string): Request => ({ action: 'FileWrite', resource: { type: 'path', path }, program });
const ids = (traces: Explanation['nearest']): readonly string[] => traces.map(({ policy }) => policy.id);

test('a forbid is named with its place, reason and text', async () => {
  const { said, explanation } = await explain(
    'permit(principal, action, resource);\n@id("keys")\n@reason("keys stay")\nforbid(principal, action, resource is File)\nwhen { resource.ext == "key" };',
    write('/w/a.key'),
  );
  expect(ids(explanation.determining)).toEqual(['keys']);
  expect(said).toContain('denied: FileWrite File::"/w/a.key"\nforbidden by keys (p.cedar:2): keys stay\n@id("keys")');
  expect(said).toContain('decided by the table in the warden');
});

test('when nothing permits it, the permit that came furthest is first, with the condition that failed and the values it saw', async () => {
  const { said, explanation } = await explain(
    `@id("far") permit(principal, action in Action::"FileOpen", resource in Dir::"/x/");
     @id("near") permit(principal, action in Action::"FileOpen", resource in Dir::"/w/") when { resource.ext == "c" && resource.name != "d" };
     @id("other") permit(principal, action == Action::"ProcessExec", resource);`,
    write('/w/a.h'),
  );
  expect(ids(explanation.nearest)).toEqual(['near', 'far']);
  expect(said).toContain('near (p.cedar:2): its condition does not match: resource.ext == "c" (resource.ext is "h")');
  expect(said).toContain(
    'far (p.cedar:1): its resource does not match: resource in Dir::"/x/" (resource is File::"/w/a.h")',
  );
  expect(said).not.toContain('other');
});

test('an `unless` that holds is named as such', async () => {
  const { said } = await explain(
    'permit(principal, action, resource is File) unless { resource.name == "x" || resource.ext == "key" };',
    write('/w/a.key'),
  );
  expect(said).toContain('its `unless` holds: resource.ext == "key" (resource.ext is "key")');
});

test('no permit at all', async () => {
  const { said } = await explain('permit(principal, action == Action::"ProcessExec", resource);', write('/w/a'));
  expect(said).toContain('nothing permits it: no permit speaks of this action');
});

test('a runtime error is told with the expression that raised it', async () => {
  const http: Request = {
    action: 'HttpRequest',
    resource: { type: 'host', name: 'a.com' },
    program: { exe: '/bin/x', uid: 0 },
    port: 443,
    method: 'GET',
    path: '/',
    query: '',
    scheme: 'https',
    headers: new Map(),
  };
  const { said, explanation } = await explain(
    `@id("all") permit(principal, action == Action::"HttpRequest", resource);
     @id("sum") forbid(principal, action == Action::"HttpRequest", resource) when { context.port + 9007199254740991 * 9007199254740991 > 0 };`,
    http,
  );
  expect(ids(explanation.errors)).toEqual(['sum']);
  expect(said).toContain('evaluating 9007199254740991 * 9007199254740991 is an error, so Cedar skips the policy');
  expect(said).toContain('decided by the manager and its proxy');
});

test('what shadow policies would change is said', async () => {
  const { said } = await explain(
    'permit(principal, action, resource);\n@id("soon") @mode("shadow") forbid(principal, action, resource in Dir::"/w/");',
    write('/w/a'),
  );
  expect(said).toContain('with its shadow policies in force it would be denied:\nforbid soon (p.cedar:2)');
});

test('what the path does not settle is decided by the manager', async () => {
  const { explanation } = await explain(
    'permit(principal, action == Action::"ProcessExec", resource) when { context.args like "* -v" };',
    { action: 'ProcessExec', resource: { type: 'path', path: '/bin/x' }, program, argv: ['x', '-v'] },
  );
  expect(explanation).toMatchObject({ decidedBy: 'manager', verdict: { effect: 'allow' } });
});

test('on random policies and requests the traces lead to the verdict, errors included', () => {
  const generator = new Generator(33);
  let explained = 0;
  let failing = 0;
  while (explained < 2_000) {
    generator.family = generator.random.pick(['file', 'exec', 'net', 'http']);
    try {
      const { set, records } = randomSet(generator, 6);
      for (let i = 0; i < 10; i++, explained++) {
        // explainRequest throws when its traces and the verdict differ.
        const { verdict, errors } = explainRequest(set, records, FACTS, generator.request([]));
        expect(errors.map(({ policy }) => policy.id)).toEqual(verdict.errors ?? []);
        failing += errors.length;
        for (const { failure } of errors) expect(failure).toBeDefined();
      }
    } catch (error) {
      if (!(error instanceof TooComplex)) throw error;
    }
  }
  expect(failing).toBeGreaterThan(50);
});
