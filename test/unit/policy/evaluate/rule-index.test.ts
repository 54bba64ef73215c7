import { describe, expect, test } from 'vitest';
import { statementToJson } from '../../../../src/policy/check/cedar.ts';
import { type Policy, readPolicy } from '../../../../src/policy/evaluate/policy.ts';
import { RuleIndex } from '../../../../src/policy/evaluate/rule-index.ts';
import { worldOf } from '../../../../src/policy/evaluate/world.ts';
import type { Request } from '../../../../src/schema/request.ts';
import { FACTS, judge, prepare } from '../judge.ts';

const program = { exe: '/usr/bin/node', uid: 1000 };
/** Below the workspace, which is `/w/`. */
const FILE: Request = { action: 'FileWrite', resource: { type: 'path', path: '/w/src/a.pem' }, program };
const DIR: Request = { action: 'FileWrite', resource: { type: 'path', path: '/w/src/' }, program };
const EXEC: Request = {
  action: 'ProcessExec',
  resource: { type: 'path', path: '/usr/bin/git' },
  program,
  argv: ['git'],
};
const HASHED: Request = { ...EXEC, sha256: 'ab'.repeat(32) };
const NET: Request = {
  action: 'NetConnect',
  resource: { type: 'host', name: 'x.a.com' },
  program,
  port: 443,
  protocol: 'tcp',
  ip: '10.0.0.1',
};
const HTTP: Request = {
  action: 'HttpRequest',
  resource: { type: 'host', name: 'x.a.com' },
  program,
  port: 443,
  method: 'GET',
  path: '/v1',
  query: '',
  scheme: 'https',
  headers: new Map(),
};

function policies(...texts: readonly string[]): readonly Policy[] {
  return texts.map((text, i) => readPolicy({ id: `p${i}`, shadow: false, json: statementToJson(text) }));
}

function isCandidate(text: string, request: Request): boolean {
  return new RuleIndex(policies(text)).candidates(worldOf(request, FACTS)).length === 1;
}

/** A statement, given its scope of the resource and its conditions. */
function statement(body: string): string {
  return /^resource\b/.test(body)
    ? `permit(principal, action, ${body};`
    : `permit(principal, action, resource) ${body};`;
}

/** What Cedar says a policy does that the index leaves out: it is neither satisfied nor an error. */
function expectNothing(text: string, request: Request): void {
  prepare('index', { p0: text });
  expect(judge('index', request)).toEqual({ effect: 'deny', policies: [], errors: [] });
}

describe('a policy is left out when the request certainly does not satisfy it', () => {
  test.each([
    ['resource in Dir::"/srv/")', FILE],
    ['resource in Dir::"/w/src/a")', FILE],
    ['resource in Dir::"@home/")', FILE],
    ['resource == File::"/w/src/b.pem")', FILE],
    ['resource == Dir::"/w/src")', DIR],
    ['resource is File in Dir::"/srv/")', FILE],
    ['resource is Dir in Dir::"/srv/")', FILE],
    ['resource in Host::"*.b.com")', NET],
    ['resource in Host::"*.a.com:80")', NET],
    ['resource in Host::"10.0.0.2")', NET],
    ['resource in Host::"10.0.0.1:80")', NET],
    ['resource in Host::"x.a.com.:443")', NET],
    ['when { resource in Dir::"/srv/" }', FILE],
    ['when { resource in [Dir::"/srv/", Dir::"/etc/"] }', FILE],
    ['when { resource in [] }', FILE],
    ['when { resource.name == "b.pem" }', FILE],
    ['when { "b.pem" == resource.name }', FILE],
    ['when { resource.ext == "key" || resource.name == "x" }', FILE],
    ['when { ["key", "crt"].contains(resource.ext) }', FILE],
    ['when { [].contains(resource.ext) }', FILE],
    ['when { [File::"/a", resource].contains(resource) == false && resource.ext == "key" }', FILE],
    ['when { resource.dir == Dir::"/w/" }', FILE],
    ['when { resource.dir in Dir::"/srv/" }', FILE],
    ['when { context.proc.exe == File::"/usr/bin/git" }', FILE],
    ['when { context.proc.exe in Dir::"/opt/" }', FILE],
    ['when { context.proc.exe.name == "git" }', FILE],
    ['when { context.port == 80 }', NET],
    ['when { context.hostname == "a.com" }', HTTP],
    ['when { context.method == "POST" }', HTTP],
    ['when { principal in User::"bob" }', FILE],
    ['when { false }', FILE],
    ['when { resource.path like "/srv/*" }', FILE],
    ['when { resource.path like "*.key" }', FILE],
    ['when { resource.path like "/srv/*.key" }', FILE],
    ['when { resource.name like "a.pe" }', FILE],
    ['when { resource.name like "" }', FILE],
    ['when { context.path like "/v1/v1*" }', HTTP],
    ['when { resource.name like "\\*.pem" }', FILE],
    ['unless { !(resource.name like "*.key") }', FILE],
    ['unless { true }', FILE],
    ['unless { resource.name != "b.pem" }', FILE],
    ['unless { !(resource in Dir::"/srv/") }', FILE],
    ['unless { !(resource in Dir::"/srv/") || context.nope }', FILE],
    // What comes first cannot fail, so what follows may be looked up.
    ['when { resource.path like "*pe*" && resource in Dir::"/srv/" }', FILE],
    ['when { context.port < 1024 && resource in Host::"*.b.com" }', NET],
    ['when { context.proc.uid > 0 } when { resource.ext == "key" }', FILE],
    ['when { context has sha256 && context.sha256 == "00" }', EXEC],
    ['when { context has sha256 && context.sha256 == "00" }', HASHED],
    ['when { (if context.proc.uid == 0 then true else resource is File) && resource.ext == "key" }', FILE],
    // What follows may fail, but is never reached.
    ['when { resource in Dir::"/srv/" && context.nope.x == 1 }', FILE],
    ['when { resource in Dir::"/srv/" && 1 }', FILE],
  ] as const)('%s', (body, request) => {
    expect(isCandidate(statement(body), request)).toBe(false);
    expectNothing(statement(body), request);
  });
});

describe('a policy is evaluated when it could be satisfied', () => {
  test.each([
    ['resource in Dir::"/w/src/a.pem")', { ...FILE, resource: { type: 'path', path: '/w/src/a.pem/' } }],
    ['resource in Dir::"/w/src")', FILE],
    ['resource in Dir::"/w/src/")', DIR],
    ['resource in Dir::"/w/src")', DIR],
    ['resource in Dir::"@workspace/")', FILE],
    ['resource in Dir::"@workspace")', DIR],
    ['resource in Dir::"/")', FILE],
    ['resource == File::"/w/src/a.pem")', FILE],
    ['resource in File::"/w/src/a.pem")', FILE],
    ['resource in Host::"*")', NET],
    ['resource in Host::"*:443")', NET],
    ['resource in Host::"*.com")', HTTP],
    ['resource in Host::"x.a.com:443")', HTTP],
    ['resource in Host::"10.0.0.1:443")', NET],
    ['resource is Host in Host::"*.a.com")', NET],
    ['when { resource in [Dir::"/srv/", Dir::"@workspace/"] }', FILE],
    ['when { resource.ext == "pem" || resource.name == "x" }', FILE],
    ['when { ["key", "pem"].contains(resource.ext) }', FILE],
    ['when { resource.dir in Dir::"/w/" }', FILE],
    ['when { context.proc.exe == File::"/usr/bin/node" }', FILE],
    ['when { context.proc.exe in Dir::"/usr/" }', FILE],
    ['when { context.port == 443 }', NET],
    ['when { context has sha256 && context.sha256 == "00" || resource.name == "git" }', EXEC],
    ['unless { resource in Dir::"/srv/" }', FILE],
    ['when { resource.path like "/w/*" }', FILE],
    ['when { resource.path like "*.pem" }', FILE],
    ['when { resource.path like "/w/*.pem" }', FILE],
    ['when { resource.path like "/w/src/a.pem*" }', FILE],
    ['when { resource.name like "a.pem" }', FILE],
    ['when { resource.path like "*src*" }', FILE],
    ['unless { resource.path like "/srv/*" }', FILE],
    ['unless { resource.name == "b.pem" }', FILE],
    ['unless { resource.name != "a.pem" }', FILE],
    ['when { resource in Dir::"/srv/" || resource.path like "*.pem" }', FILE],
    ['when { if resource in Dir::"/srv/" then false else true }', FILE],
    ['when { !(resource in Dir::"/srv/") }', FILE],
    ['when { resource.name != "b.pem" }', FILE],
    ['when { resource.name == resource.name }', FILE],
    ['when { (resource in Dir::"/srv/") == false }', FILE],
  ] as const)('%s', (body, request) => {
    expect(isCandidate(statement(body), request as Request)).toBe(true);
    prepare('index', { p0: statement(body) });
    expect(judge('index', request as Request).policies).toEqual(['p0']);
  });
});

describe('a policy is evaluated when it fails', () => {
  test.each([
    ['when { context.nope.x == 1 && resource in Dir::"/srv/" }', FILE],
    ['when { context.nope == 1 }', FILE],
    ['when { context.nope like "/srv/*" }', FILE],
    ['when { context.proc.uid like "x" }', FILE],
    ['when { context.proc.uid like "/srv/*" }', FILE],
    ['when { context.proc like "*" }', FILE],
    ['when { resource.nope == "x" || resource in Dir::"/srv/" }', FILE],
    ['when { resource in Dir::"/srv/" || context.nope }', FILE],
    ['when { resource in [Dir::"/srv/", "x"] }', FILE],
    ['when { resource in ["x"] }', FILE],
    ['when { resource.name in Dir::"/srv/" }', FILE],
    ['when { context.proc in Dir::"/srv/" }', FILE],
    ['when { context.proc.uid is File in Dir::"/srv/" }', FILE],
    ['when { context.sha256 == "00" }', EXEC],
    ['when { !(context has sha256) && context.sha256 == "00" }', EXEC],
    ['when { context.nope } when { resource in Dir::"/srv/" }', FILE],
    ['unless { context.nope } when { resource in Dir::"/srv/" }', FILE],
    ['when { context.proc.uid like "x" && resource in Dir::"/srv/" }', FILE],
    ['when { context.proc.uid && resource in Dir::"/srv/" }', FILE],
    ['when { resource.name < 1 && resource in Dir::"/srv/" }', FILE],
    ['when { context.proc.uid.contains(1) && resource in Dir::"/srv/" }', FILE],
    ['when { (1 + 9007199254740991 * 9007199254740991) == 0 && resource in Dir::"/srv/" }', FILE],
    ['when { context has proc.uid.x && resource in Dir::"/srv/" }', FILE],
    ['when { context.args.hasTag(context.nope) && resource in Dir::"/srv/" }', FILE],
    ['unless { context.nope || resource.ext != "key" }', FILE],
  ] as const)('%s', (body, request) => {
    expect(isCandidate(statement(body), request)).toBe(true);
    prepare('index', { p0: statement(body) });
    expect(judge('index', request).errors).toEqual(['p0']);
  });
});

test('of several conditions the one that the fewest policies share is looked up', () => {
  const many = Array.from({ length: 100 }, (_, i) =>
    statement(`when { resource in Dir::"@workspace/" && resource.name == "n${i}" }`),
  );
  const index = new RuleIndex(policies(...many));
  expect(index.candidates(worldOf(FILE, FACTS))).toEqual([]);
  const named: Request = { ...FILE, resource: { type: 'path', path: '/w/n42' } };
  expect(index.candidates(worldOf(named, FACTS))).toEqual([42]);
});

test('candidates come in the order of the text, each once', () => {
  const texts = Array.from({ length: 70 }, (_, i) =>
    statement(
      i % 2 === 0
        ? 'when { resource.path like "*p*" }'
        : 'when { resource.ext == "pem" || resource.name == "a.pem" || resource in Dir::"/w/" }',
    ),
  );
  const index = new RuleIndex(policies(...texts));
  const world = worldOf(FILE, FACTS);
  expect(index.candidates(world)).toEqual(texts.map((_, i) => i));
  // Nothing is left over from the request before.
  expect(index.candidates(worldOf(NET, FACTS))).toEqual(texts.map((_, i) => i));
  expect(new RuleIndex([]).candidates(world)).toEqual([]);
});
