import { expect, test } from 'vitest';
import { resourceName } from '../../../src/schema/resource-name.ts';

test('files are called by their path, all else by its name', () => {
  expect(resourceName({ type: 'path', path: '/etc/hosts' })).toBe('/etc/hosts');
  expect(resourceName({ type: 'host', name: 'api.example' })).toBe('api.example');
  expect(resourceName({ type: 'tool', name: 'read', server: 'files' })).toBe('read');
  expect(resourceName({ type: 'name', name: 'mount' })).toBe('mount');
});
