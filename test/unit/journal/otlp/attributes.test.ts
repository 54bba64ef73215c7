import * as conventions from '@opentelemetry/semantic-conventions/incubating';
import { expect, test } from 'vitest';
import { attributesOf, eventName } from '../../../../src/journal/otlp/attributes.ts';
import { sampleEvent } from '../sample-session.ts';

test('what the conventions have a name for has it, and all else is of leash', () => {
  const attributes = attributesOf(
    's',
    7,
    sampleEvent({
      action: 'HttpRequest',
      resource: { type: 'host', name: 'a.example' },
      who: { pid: 3, parent: 2, exe: '/bin/curl', argv: ['curl', 'x'], via: 'mcp:web' },
      detail: { method: 'GET', path: '/v1', scheme: 'https', port: 443, status: 200, bytes_in: 5, constructor: 'x' },
      target: { type: 'path', path: '/b' },
      shadow: 'deny',
      reason: 'why',
      error: 'EACCES',
    }),
  );
  expect(attributes).toMatchObject({
    'session.id': 's',
    'leash.seq': 7,
    'server.address': 'a.example',
    'server.port': 443,
    'http.request.method': 'GET',
    'http.response.status_code': 200,
    'url.path': '/v1',
    'process.executable.path': '/bin/curl',
    'process.command_args': ['curl', 'x'],
    'error.type': 'EACCES',
    'leash.via': 'mcp:web',
    'leash.bytes_in': 5,
    'leash.constructor': 'x',
    'leash.target': '/b',
  });
  const known = new Set<unknown>(Object.values(conventions));
  const strange = Object.keys(attributes).filter((name) => !name.startsWith('leash.') && !known.has(name));
  expect(strange).toEqual([]);
});

test('files and names that were looked up have their own attributes', () => {
  expect(attributesOf('s', 0, sampleEvent())).toMatchObject({ 'file.path': '/home/u/project/README.md' });
  const lookup = sampleEvent({ action: 'DnsResolve', resource: { type: 'host', name: 'a.example' } });
  const attributes = attributesOf('s', 0, lookup);
  expect(attributes).toMatchObject({ 'dns.question.name': 'a.example' });
  expect(attributes).not.toHaveProperty('server.address');
});

test('the name of an event says its action', () => {
  expect(eventName(sampleEvent({ action: 'FileOpenReadOnly' }))).toBe('leash.file_open_read_only');
  expect(eventName(sampleEvent({ action: 'NetConnect' }))).toBe('leash.net_connect');
});
