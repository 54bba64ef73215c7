// Where TLS may stay closed: only where every request is permitted. Single cases, and random policies with random requests.
import { describe, expect, test } from 'vitest';
import { statementToJson } from '../../../src/policy/check/cedar.ts';
import { passthroughFaults } from '../../../src/policy/check/passthrough.ts';
import { Authorizer } from '../../../src/policy/evaluate/authorizer.ts';
import { readPolicy } from '../../../src/policy/evaluate/policy.ts';
import { Inspection } from '../../../src/policy/inspection.ts';
import type { ConnectRequest, Program } from '../../../src/schema/request.ts';
import { randomSet } from './differential.ts';
import { FACTS } from './judge.ts';
import { Generator } from './random-policies.ts';

const GIT: Program = { exe: '/usr/bin/git', uid: 1000 };

function connection(name: string, port = 443, program = GIT): ConnectRequest {
  return { action: 'NetConnect', resource: { type: 'host', name }, program, port, protocol: 'tcp', ip: '198.18.1.0' };
}

interface Annotated {
  readonly text: string;
  readonly shadow?: boolean;
  readonly ask?: string;
  readonly passthrough?: true;
}

function inspection(...policies: readonly (string | Annotated)[]): Inspection {
  const read = policies.map((policy, i) => {
    const { text, ...annotations } = typeof policy === 'string' ? { text: policy } : policy;
    return readPolicy({ id: `p${i}`, shadow: false, ...annotations, json: statementToJson(text) });
  });
  return new Inspection(read, FACTS);
}

const ANY = 'permit(principal, action in Action::"NetworkConnect", resource);';
const forbid = (resource: string, when = ''): string =>
  `forbid(principal, action == Action::"HttpRequest", resource${resource})${when && ` when { ${when} }`};`;

test('what is found for an MCP server is not taken for the agent, nor for another server', () => {
  const inspected = inspection(ANY, forbid('', 'context.proc.via == "mcp:web" && context.path like "/admin*"'));
  const by = (via?: string): ConnectRequest => connection('a.com', 443, { ...GIT, ...(via !== undefined && { via }) });
  for (let round = 0; round < 2; round++)
    expect([by(), by('mcp:web'), by('mcp:?web')].map((one) => inspected.of(one))).toEqual([
      'splice',
      'inspect',
      'splice',
    ]);
});

describe('nothing needs to be seen', () => {
  test.each([
    [[ANY]],
    [['permit(principal, action, resource);']],
    [['permit(principal, action in Action::"NetworkConnect", resource == Host::"a.com");']],
    [['permit(principal, action in Action::"NetworkConnect", resource in Host::"*.com:443");']],
    [['permit(principal, action in Action::"NetworkConnect", resource) when { context.port == 443 };']],
    [[ANY, forbid(' == Host::"b.com"')]],
    [[ANY, forbid(' in Host::"*.a.com"')]],
    [[ANY, forbid(' in Host::"a.com:80"')]],
    [[ANY, forbid(' in Host::"169.254.169.254"')]],
    [[ANY, forbid('', 'context.scheme == "http"')]],
    [[ANY, forbid('', 'resource.name like "*.evil" && context.method == "POST"')]],
    [[ANY, forbid(' in Host::"@registry/cargo"')]],
    [[ANY, 'forbid(principal in User::"bob", action, resource);']],
    [[ANY, 'forbid(principal, action == Action::"NetConnect", resource in Host::"a.com:80");']],
    // Not even a permit of some requests changes anything where all are permitted.
    [[ANY, 'permit(principal, action == Action::"HttpRequest", resource) when { context.method == "GET" };']],
  ])('%j', (policies) => {
    expect(inspection(...policies).of(connection('a.com'))).toBe('splice');
  });
});

describe('content is needed', () => {
  test.each<[readonly (string | Annotated)[]]>([
    [[]],
    [['permit(principal, action == Action::"NetConnect", resource);']],
    [['permit(principal, action == Action::"HttpRequest", resource) when { context.method == "GET" };']],
    [['permit(principal, action in Action::"NetworkConnect", resource in Host::"a.com:80");']],
    [[ANY, forbid('')]],
    [[ANY, forbid(' == Host::"a.com"')]],
    [[ANY, forbid(' in Host::"*.com"', 'context.path like "/admin*"')]],
    [[ANY, forbid(' in Host::"@registry/npm"', 'context.method == "PUT"')]],
    [[ANY, forbid('', 'context.headers.hasTag("x-api-key")')]],
    // The request is known to be HTTPS only if it is a request at all.
    [[ANY, forbid('', 'context.scheme == "https"')]],
    // What a shadow or an asking policy would have said has to be recorded, and asked.
    [[ANY, { text: forbid('', 'context.method == "PUT"'), shadow: true }]],
    [[{ text: ANY, shadow: true }]],
    [[ANY, { text: forbid('', 'context.method == "PUT"'), ask: 'PUT?' }]],
    [[{ text: ANY, ask: 'Connect?' }]],
    [
      [
        ANY,
        'permit(principal, action == Action::"SecretUse", resource == Secret::"key") when { context.host == Host::"a.com" };',
      ],
    ],
    [
      [
        ANY,
        'permit(principal, action == Action::"HttpRewrite", resource == Host::"a.com") when { context.header == "x" };',
      ],
    ],
  ])('%j', (policies) => {
    expect(inspection(...policies).of(connection('a.com'))).toBe('inspect');
  });

  test('but not by another host', () => {
    const secret = 'permit(principal, action == Action::"SecretUse", resource) when { context.host == Host::"b.com" };';
    expect(inspection(ANY, secret).of(connection('a.com'))).toBe('splice');
  });

  test('of a host that no request can name', () => {
    expect(inspection(ANY).of(connection('*.a.com'))).toBe('inspect');
  });
});

describe('@passthrough', () => {
  const pinned = {
    text: 'permit(principal, action in Action::"NetworkConnect", resource in Host::"*.a.com:443");',
    passthrough: true,
  } as const;

  test('counts where its permit applies', () => {
    const one = inspection(pinned, ANY);
    expect(one.of(connection('x.a.com'))).toBe('passthrough');
    expect(one.of(connection('x.a.com', 8443))).toBe('splice');
    expect(one.of(connection('a.com'))).toBe('splice');
  });

  test('gives way to every rule that needs content', () => {
    expect(inspection(pinned, forbid('', 'context.method == "PUT"')).of(connection('x.a.com'))).toBe('inspect');
  });

  test('of a shadow policy says nothing', () => {
    expect(inspection({ ...pinned, shadow: true }, ANY).of(connection('x.a.com'))).toBe('splice');
  });

  test('holds where a person has to agree to the connection, if the requests are permitted', () => {
    const text = 'permit(principal, action == Action::"NetConnect", resource == Host::"a.com");';
    const requests = 'permit(principal, action == Action::"HttpRequest", resource == Host::"a.com");';
    expect(inspection({ text, ask: 'a.com?', passthrough: true }, requests).of(connection('a.com'))).toBe(
      'passthrough',
    );
  });
});

test('what the check at load accepts, no connection contradicts', { timeout: 600_000 }, () => {
  const generator = new Generator(20_261_130);
  generator.family = 'http';
  const { random } = generator;
  let accepted = 0;
  let passed = 0;
  for (let round = 0; round < 300; round++) {
    const { all, texts } = randomSet(generator);
    const host = random.pick(['a.com', '*.com', '*.a.com', '*', 'b.org:443', '*.com:80', '10.0.0.1']);
    const when = random.pick(['', ' when { context.port == 443 }', ' when { context.proc.exe.name == "git" }']);
    const text = `permit(principal, action in Action::"NetworkConnect", resource in Host::"${host}")${when};`;
    const permit = readPolicy({ id: 'P', shadow: false, passthrough: true, json: statementToJson(text) });
    const policies = [...all.slice(0, random.below(4)), permit];
    if (passthroughFaults(policies).length > 0) continue;
    accepted++;
    const inspected = new Inspection(policies, FACTS);
    const only = new Authorizer([permit], FACTS);
    for (let n = 0; n < 20; n++) {
      const request = generator.request([]);
      if (request.action !== 'HttpRequest') continue;
      const { resource, port } = request;
      const connect = connection(resource.name, port, random.chance(0.5) ? GIT : request.program);
      if (only.decide(connect).effect !== 'allow') continue;
      passed++;
      expect(inspected.of(connect), JSON.stringify([texts, text, connect])).toBe('passthrough');
    }
  }
  expect(accepted).toBeGreaterThan(30);
  expect(passed).toBeGreaterThan(100);
});

test('whatever random policies say: where TLS stays closed, no request is denied, asked about or noted', {
  timeout: 600_000,
}, () => {
  const generator = new Generator(20_261_129);
  generator.family = 'http';
  const { random } = generator;
  let closed = 0;
  for (let round = 0; round < 300; round++) {
    const { all, texts } = randomSet(generator);
    const policies = random.chance(0.7)
      ? [...all, readPolicy({ id: 'any', shadow: false, json: statementToJson(ANY) })]
      : all;
    const inspected = new Inspection(policies, FACTS);
    const authorizer = new Authorizer(policies, FACTS);
    for (let n = 0; n < 20; n++) {
      const request = generator.request([]);
      if (request.action !== 'HttpRequest') continue;
      const { resource, port } = request;
      if (inspected.of(connection(resource.name, port)) === 'inspect') continue;
      closed++;
      const { effect, ask, shadow } = authorizer.decide({ ...request, program: GIT } as typeof request);
      expect({ effect, ask, shadow }, JSON.stringify([texts, request])).toEqual({ effect: 'allow' });
    }
  }
  expect(closed).toBeGreaterThan(200);
});
