// Routes in, their OpenAPI 3.1 document out: the schemas that check requests are those that it publishes (JSON Schema 2020-12).
import { z } from 'zod';
import { API_ROOT } from '../../schema/api.ts';
import { type Route, route } from './route.ts';
import { apiFailure } from './schemas.ts';

const JSON_TYPE = 'application/json';
const PARAMETERS: Readonly<Record<string, string>> = {
  session: 'Id of a session',
  question: 'Id of an open question',
  change: 'Id of a change, as the list has it',
  seq: 'Offset of an event in its journal',
};

type Json = Readonly<Record<string, unknown>>;

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}

function pathParameters(path: string): readonly Json[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    description: PARAMETERS[name] ?? name,
    schema: { type: 'string' },
  }));
}

function queryParameters(query: z.ZodType | undefined): readonly Json[] {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(query, 'input') as { properties?: Json; required?: string[] };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

function content({ reply, isStream = false }: Route): Json {
  if (reply !== undefined) return { [JSON_TYPE]: { schema: schemaOf(reply, 'output') } };
  const text = { schema: { type: 'string' } };
  return isStream ? { 'text/event-stream': text } : { 'text/plain': text };
}

function operation(described: Route): Json {
  const { path, summary, access, query, body } = described;
  return {
    summary,
    operationId: `${described.method.toLowerCase()}${path.replace(/[^A-Za-z0-9]+(\w)/g, (_all, letter: string) => letter.toUpperCase())}`,
    security: access === 'open' ? [] : [{ token: [] }],
    parameters: [...pathParameters(path), ...queryParameters(query)],
    ...(body && { requestBody: { required: true, content: { [JSON_TYPE]: { schema: schemaOf(body, 'input') } } } }),
    responses: {
      '200': { description: 'Done', content: content(described) },
      default: {
        description: 'What went wrong, and what to do about it',
        content: { [JSON_TYPE]: { schema: { $ref: '#/components/schemas/Failure' } } },
      },
    },
  };
}

/** Paths as OpenAPI writes them: `/sessions/{session}`. */
export function openApi(routes: readonly Route[]): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const described of routes) {
    const path = described.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [described.method.toLowerCase()]: operation(described) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Leash', version: API_ROOT.slice('/api/'.length), license: { name: 'Apache-2.0' } },
    servers: [{ url: 'http://127.0.0.1:18080' }],
    paths,
    components: {
      schemas: { Failure: schemaOf(apiFailure, 'output') },
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
  };
}

/** @param routes all others. */
export function openApiRoute(routes: readonly Route[]): Route {
  return route({
    method: 'GET',
    path: '/api/openapi.json',
    access: 'open',
    summary: 'This API, described in OpenAPI 3.1',
    answer: () => ({ body: openApi(routes) }),
  });
}
