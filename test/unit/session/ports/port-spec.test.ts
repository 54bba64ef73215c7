import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { endText, isLoopback, OWN_PORT, parsePortSpec } from '../../../../src/session/ports/port-spec.ts';

test.each([
  ['3000', { address: '127.0.0.1', hostPort: undefined, port: 3000 }],
  [':3000', { address: '127.0.0.1', hostPort: undefined, port: 3000 }],
  ['8000:3000', { address: '127.0.0.1', hostPort: 8000, port: 3000 }],
  ['8000:3000/tcp', { address: '127.0.0.1', hostPort: 8000, port: 3000 }],
  ['0.0.0.0:8000:3000', { address: '0.0.0.0', hostPort: 8000, port: 3000 }],
  ['127.0.0.2::3000', { address: '127.0.0.2', hostPort: undefined, port: 3000 }],
  ['[::1]:8000:3000', { address: '::1', hostPort: 8000, port: 3000 }],
])('%s', (text, spec) => {
  expect(parsePortSpec(text)).toEqual(spec);
});

test.each([
  ['', /needs/],
  ['x', /needs/],
  ['3000-3005', /one port at a time/],
  ['1:2:3:4', /needs/],
  ['::1:8000:3000', /needs/],
  ['-1', /needs/],
  ['0', /0 is not a port/],
  ['65536', /65536 is not a port/],
  ['0:3000', /0 is not a port/],
  ['localhost:8000:3000', /not an address/],
  ['127.1:8000:3000', /not an address/],
  ['[127.0.0.1]:8000:3000', /not an address/],
  ['3000/udp', /only TCP ports can be published/],
  ['8000:15001', /Leash’s own/],
])('%j is refused', (text, message) => {
  expect(() => parsePortSpec(text)).toThrow(
    expect.objectContaining({ code: 'LEASH_USAGE', message: expect.stringMatching(message) }),
  );
});

test('loopback is what only this machine reaches', () => {
  for (const address of ['127.0.0.1', '127.9.9.9', '::1']) expect(isLoopback(address)).toBe(true);
  for (const address of ['0.0.0.0', '::', '192.0.2.1', '2001:db8::1', '::ffff:192.0.2.1'])
    expect(isLoopback(address)).toBe(false);
  expect(endText('::1', 80)).toBe('[::1]:80');
});

test('the port that is Leash’s own is the entry’s', () => {
  const header = readFileSync(new URL('../../../../native/include/entry.h', import.meta.url), 'utf8');
  expect(Number(/^#define ENTRY_TCP_PORT (\d+)$/m.exec(header)?.[1])).toBe(OWN_PORT);
});
