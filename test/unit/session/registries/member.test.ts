import { expect, test } from 'vitest';
import { registryMember, registryMembers, withoutCredentials } from '../../../../src/session/registries/member.ts';

test.each([
  ['https://registry.example', 'registry.example:443'],
  ['http://registry.example/', 'registry.example:80'],
  ['https://Registry.Example.:4873/npm/', 'registry.example:4873'],
  ['https://user:s3cret@registry.example/?token=s3cret', 'registry.example:443'],
  ['sparse+https://index.registry.example/', 'index.registry.example:443'],
  ['registry+http://registry.example/index', 'registry.example:80'],
  ['http://127.0.0.1:8080/simple', '127.0.0.1:8080'],
  ['http://127.1/simple', '127.0.0.1:80'],
  ['http://[FE80:0::1]:8080/', '[fe80::1]:8080'],
  [' https://registry.example\n', 'registry.example:443'],
])('%j is %s', (url, member) => expect(registryMember(url)).toBe(member));

test.each([
  '',
  'registry.example',
  'file:///srv/wheels',
  'git+ssh://registry.example/index',
  'https://*.example/',
  'https://@/',
  // What npm could not expand.
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is npm's syntax.
  'https://${HOST}/',
])('%j is no registry of a policy', (url) => {
  expect(registryMember(url)).toBeUndefined();
  expect(withoutCredentials(url)).toBeUndefined();
});

test('each host is named once', () => {
  expect(registryMembers(['https://a.example/x', 'https://a.example/y', 'nothing', 'http://a.example'])).toEqual([
    'a.example:443',
    'a.example:80',
  ]);
});

test('an agent is told nothing secret', () => {
  expect(withoutCredentials('https://user:s3cret@a.example:4873/npm/?token=s3cret#s3cret')).toBe(
    'https://a.example:4873/npm/',
  );
});
