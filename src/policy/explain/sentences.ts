// An explanation in; English sentences, each about one fact, out.
import type { Paragraph } from '../../schema/paragraph.ts';
import type { HttpRequest, Request } from '../../schema/request.ts';
import type { Decider } from './decider.ts';
import type { Explanation } from './explain.ts';
import { expressionText, valueText } from './expression-text.ts';
import type { StatementOutline } from './outline.ts';
import type { Failure, Trace } from './trace.ts';

const DECIDERS: Readonly<Record<Decider, string>> = {
  table: 'decided by the table in the warden, from path and program',
  manager: 'decided by the manager, which the warden asks: path and program do not settle it',
  proxy: 'decided by the manager and its proxy, which know the name',
};

const TYPES: Readonly<Record<Exclude<Request['resource']['type'], 'path'>, string>> = {
  host: 'Host',
  tool: 'MCP::Tool',
  server: 'MCP::Server',
  secret: 'Secret',
};

/** The query stays out: tokens are found there. */
function httpText({ method, scheme, port, path, git, model }: HttpRequest): string {
  const purposes = [
    ...(git === undefined ? [] : [`, git ${git.operation} of ${git.repository}`]),
    ...(model === undefined ? [] : [`, model ${model.name} of ${model.provider}`]),
  ];
  return `${method} ${scheme}, port ${port}, ${path}${purposes.join('')}`;
}

/** `FileWrite File::"/etc/hosts"`, with what else the request says. */
export function requestText(request: Request): string {
  const { action, resource } = request;
  if (resource.type === 'path') {
    const name = `${resource.path.endsWith('/') ? 'Dir' : 'File'}::${JSON.stringify(resource.path)}`;
    return action === 'ProcessExec' ? `${action} ${name} ${JSON.stringify(request.argv)}` : `${action} ${name}`;
  }
  const name = `${TYPES[resource.type]}::${JSON.stringify(resource.name)}`;
  switch (action) {
    case 'NetConnect':
      return `${action} ${name} port ${request.port}/${request.protocol} at ${request.ip}`;
    case 'HttpRequest':
      return `${action} ${name} ${httpText(request)}`;
    case 'HttpRewrite':
      return `${action} ${name} port ${request.port}, header ${request.header}`;
    case 'SecretUse':
      return `${action} ${name} for Host::${JSON.stringify(request.host.name)} port ${request.port}, in header ${request.header}`;
    case 'McpCall':
      return `${action} ${name}${resource.type === 'tool' ? ` in MCP::Server::${JSON.stringify(resource.server)}` : ''} ${request.method}`;
    default:
      return `${action} ${name}`;
  }
}

function failureText({ part, expression, facts }: Failure, isError: boolean): string {
  const source = expressionText(expression);
  const known = facts.map(
    ({ expression: asked, value }) =>
      `${expressionText(asked)} is ${value === undefined ? 'not there' : valueText(value)}`,
  );
  const because = known.length === 0 ? '' : ` (${known.join(', ')})`;
  if (isError) return `evaluating ${source} is an error${because}, so Cedar skips the policy`;
  return part === 'unless'
    ? `its \`unless\` holds: ${source}${because}`
    : `its ${part === 'when' ? 'condition' : part} does not match: ${source}${because}`;
}

/** `no-git-hooks (coder.cedar:88)`; an id that is already the place is said once. */
export function statementName({ id, source, line }: StatementOutline): string {
  return id.startsWith(`${source}:`) ? id : `${id} (${source}:${line})`;
}

type Outlines = ReadonlyMap<string, StatementOutline>;

function nameOf({ policy }: Trace, outlines: Outlines): string {
  const found = outlines.get(policy.id);
  return found === undefined ? policy.id : statementName(found);
}

const MOST_LINES = 12;

function excerpt({ policy }: Trace, outlines: Outlines): readonly string[] {
  const lines = outlines.get(policy.id)?.text.split('\n') ?? [];
  return lines.length <= MOST_LINES ? lines : [...lines.slice(0, MOST_LINES - 1), '…'];
}

function determiningParagraph(trace: Trace, outlines: Outlines): Paragraph {
  const { effect, reason } = trace.policy;
  const verb = effect === 'permit' ? 'permitted' : 'forbidden';
  const why = reason === undefined ? '' : `: ${reason}`;
  return { heading: `${verb} by ${nameOf(trace, outlines)}${why}`, lines: excerpt(trace, outlines) };
}

function defaultDeny({ nearest }: Explanation, outlines: Outlines): Paragraph {
  const lines = nearest.map((trace) => {
    const { failure } = trace;
    const why = failure === undefined ? '' : `: ${failureText(failure, trace.outcome === 'error')}`;
    return `${nameOf(trace, outlines)}${why}`;
  });
  return {
    heading:
      lines.length === 0
        ? 'nothing permits it: no permit speaks of this action'
        : 'nothing permits it; nearest, and why it does not apply:',
    lines,
  };
}

function shadowParagraphs({ verdict, shadow }: Explanation, outlines: Outlines): readonly Paragraph[] {
  const lines = shadow.map((trace) => `${trace.policy.effect} ${nameOf(trace, outlines)}`);
  if (lines.length === 0) return [];
  const heading =
    verdict.shadow === undefined
      ? 'shadow policies that apply, and would change nothing:'
      : `with its shadow policies in force it would be ${verdict.shadow === 'allow' ? 'allowed' : 'denied'}:`;
  return [{ heading, lines }];
}

function errorParagraphs({ errors }: Explanation, outlines: Outlines): readonly Paragraph[] {
  const lines = errors.map(
    (trace) => `${nameOf(trace, outlines)}: ${trace.failure === undefined ? '' : failureText(trace.failure, true)}`,
  );
  return lines.length === 0 ? [] : [{ heading: 'skipped because of a runtime error:', lines }];
}

/** What a person should know about a verdict, most important first. `outlines` are those of all policies, by id. */
export function explanationParagraphs(explanation: Explanation, outlines: Outlines): readonly Paragraph[] {
  const { verdict, determining, request, decidedBy } = explanation;
  const effect = verdict.effect === 'allow' ? 'allowed' : 'denied';
  return [
    { heading: `${effect}: ${requestText(request)}`, lines: [] },
    ...(determining.length === 0
      ? [defaultDeny(explanation, outlines)]
      : determining.map((trace) => determiningParagraph(trace, outlines))),
    ...errorParagraphs(explanation, outlines),
    ...shadowParagraphs(explanation, outlines),
    { heading: DECIDERS[decidedBy], lines: [] },
  ];
}
