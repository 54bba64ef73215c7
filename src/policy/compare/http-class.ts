// The class of HTTP requests: host, method, path, query, headers, program, and the optional records of Git and of language models.
import type { GitOperation, HttpRequest, ModelCall } from '../../schema/request.ts';
import { HostSubject } from '../compile/host-subject.ts';
import { SetSubject } from '../compile/set-subject.ts';
import type { Term } from '../compile/term.ts';
import { entity } from '../evaluate/value.ts';
import type { SessionFacts } from '../facts.ts';
import type { Values } from './dimension.ts';
import { headersOf } from './header-parts.ts';
import { anyText, httpMethod, httpPath, httpQuery, words } from './languages.ts';
import { HOST_KINDS, type HostKind, hostIn, NetworkParts } from './network-parts.ts';
import { PresenceDimension } from './optional-dimension.ts';
import { gitParts, REPOSITORY } from './repository-parts.ts';
import { programOf, programParts, type RequestClass, textElement } from './request-class.ts';
import { elementsOf, SetDimension } from './set-dimension.ts';

const OPERATIONS = ['fetch', 'push', 'info'] as const;
const GIT = 'context.git';
const MODEL = 'context.model';
const SETS = ['tools', 'serverTools', 'mcpServers'] as const;

function modelTerm(parts: NetworkParts): Term {
  const { bdd } = parts.atoms;
  const presence = bdd.newVariable();
  parts.dimensions.push(new PresenceDimension(bdd, MODEL, presence));
  const fields = new Map<string, Term>([
    ['provider', parts.textTerm(`${MODEL}.provider`, anyText, 'anthropic')],
    ['name', parts.textTerm(`${MODEL}.name`, anyText, 'a')],
  ]);
  for (const set of SETS) {
    const subject = new SetSubject(bdd, { name: `${MODEL}.${set}`, textOf: textElement, mayBeEmpty: true });
    parts.dimensions.push(new SetDimension(bdd, subject, 'a'));
    fields.set(set, subject.term);
  }
  return { kind: 'optional', isPresent: bdd.literal(presence), value: { kind: 'record', fields } };
}

function modelOf(values: Values): ModelCall | undefined {
  if (values.get(MODEL) === undefined) return undefined;
  const set = (name: string): readonly string[] => elementsOf(values.get(`${MODEL}.${name}`) ?? '[]');
  return {
    provider: values.get(`${MODEL}.provider`) ?? '',
    name: values.get(`${MODEL}.name`) ?? '',
    tools: set('tools'),
    serverTools: set('serverTools'),
    mcpServers: set('mcpServers'),
  };
}

function gitOf(values: Values, host: string): GitOperation | undefined {
  if (values.get(GIT) === undefined) return undefined;
  const operation = OPERATIONS.find((name) => name === values.get(`${GIT}.operation`)) ?? 'fetch';
  return { operation, repository: `${host.includes(':') ? `[${host}]` : host}/${values.get(REPOSITORY) ?? ''}` };
}

const ENDINGS = {
  fetch: ['POST', 'git-upload-pack'],
  push: ['POST', 'git-receive-pack'],
  info: ['GET', 'info/lfs/locks'],
} as const;

/** Method and path of a request that does this, where the difference depends on neither. */
function spelled(request: HttpRequest): HttpRequest {
  const { git, method, path } = request;
  if (git === undefined || method !== 'GET' || path !== '/') return request;
  const [usual, ending] = ENDINGS[git.operation];
  const below = git.repository.slice(git.repository.indexOf('/'));
  return { ...request, method: usual, path: `${below === '/' ? '' : `${below}.git`}/${ending}` };
}

/** What a request does to a repository is told from these, so they are not independent. */
const TELLING = ['context.path', 'context.method', 'context.query'] as const;

function httpClass(kind: HostKind, facts: SessionFacts): RequestClass {
  const parts = new NetworkParts(kind);
  const git = gitParts(parts, GIT, () => words(OPERATIONS));
  const { isToRepository } = git;
  const peer = { text: parts.host.text, port: parts.port(), isToRepository };
  const host = new HostSubject(parts.atoms.bdd, peer, facts.registries);
  parts.field('hostname', host.nameTerm);
  parts.field('protocol', { kind: 'string', value: 'tcp' });
  parts.text('method', httpMethod, 'GET');
  parts.text('path', httpPath, '/');
  parts.text('query', httpQuery, '');
  parts.text('scheme', () => words(['https', 'http']), 'https');
  parts.field('headers', entity('Http::Headers', 'request'));
  parts.field('git', git.term);
  parts.field('model', modelTerm(parts));
  parts.program(programParts(parts.atoms, facts));
  const build = (values: Values): HttpRequest => {
    const resource = hostIn(values, 'resource');
    const [operation, model] = [gitOf(values, resource.name), modelOf(values)];
    return spelled({
      action: 'HttpRequest',
      resource,
      program: programOf(values),
      port: Number(values.get('context.port')),
      method: values.get('context.method') ?? '',
      path: values.get('context.path') ?? '',
      query: values.get('context.query') ?? '',
      scheme: values.get('context.scheme') === 'http' ? 'http' : 'https',
      headers: headersOf(values),
      ...(operation && { git: operation }),
      ...(model && { model }),
    });
  };
  const coupled = [GIT, `${GIT}.operation`, REPOSITORY, MODEL].map((one) => [one, TELLING] as const);
  return parts.finish('HttpRequest', host, build, { coupled });
}

/** `facts` are canonical. */
export function httpClasses(facts: SessionFacts): readonly RequestClass[] {
  return HOST_KINDS.map((kind) => httpClass(kind, facts));
}
