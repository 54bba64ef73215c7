// The classes of calls to MCP servers: those of a tool, and all other methods, which are about the server.
import type { McpRequest } from '../../schema/request.ts';
import { Atoms } from '../compile/atoms.ts';
import { McpSubject } from '../compile/mcp-subject.ts';
import type { Term } from '../compile/term.ts';
import { TextSubject } from '../compile/text-subject.ts';
import { ARGUMENTS } from '../evaluate/context.ts';
import type { Dimension, Values } from './dimension.ts';
import type { AskedText } from './domain.ts';
import { argumentParts, argumentsOf } from './header-parts.ts';
import { anyText, words } from './languages.ts';
import type { RequestClass } from './request-class.ts';
import { TextDimension } from './text-dimension.ts';
import { Unknowns } from './unknowns.ts';

const CALL = 'tools/call';
const SERVER = 'context.server';

function mcpClass(kind: McpRequest['resource']['type']): RequestClass {
  const atoms = new Atoms();
  const dimensions: Dimension[] = [];
  const texts: AskedText[] = [];
  const subject = (name: string): TextSubject => new TextSubject(name, atoms);
  const asked = (text: TextSubject, usual: string): TextSubject => {
    texts.push(text);
    dimensions.push(new TextDimension(atoms, { name: text.name, language: anyText, usual }));
    return text;
  };
  const [name, method] = [subject('resource'), subject('context.method')];
  dimensions.push(new TextDimension(atoms, { name: 'resource', language: anyText, usual: 'a' }));
  const server = kind === 'tool' ? asked(subject(SERVER), 'a.example') : undefined;
  // Of a tool there is one method.
  if (kind === 'server') asked(method, 'tools/list');
  else {
    texts.push(method);
    dimensions.push(new TextDimension(atoms, { name: method.name, language: () => words([CALL]), usual: CALL }));
  }
  const resource = new McpSubject(name, server);
  const args = argumentParts(atoms, texts, dimensions);
  return {
    actions: ['McpCall'],
    subjects: {
      atoms,
      unknowns: new Unknowns(atoms),
      entities: [resource],
      texts,
      resource: resource.entity,
      context: new Map<string, Term>([
        ['server', server?.term ?? resource.nameTerm],
        ['method', method.term],
        ['args', ARGUMENTS],
      ]),
      argument: (pointer) => args.field(pointer),
    },
    main: undefined,
    dimensions,
    build: (_, values) => requestOf(kind, values),
  };
}

function requestOf(kind: McpRequest['resource']['type'], values: Values): McpRequest {
  const name = values.get('resource') ?? '';
  return {
    action: 'McpCall',
    resource: kind === 'tool' ? { type: 'tool', name, server: values.get(SERVER) ?? '' } : { type: 'server', name },
    method: values.get('context.method') ?? '',
    args: argumentsOf(values),
  };
}

export function mcpClasses(): readonly RequestClass[] {
  return [mcpClass('tool'), mcpClass('server')];
}
