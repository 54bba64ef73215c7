import { expect, test } from 'vitest';
import { forwardingPage, pageAddress } from '../../../../src/cli/control/show-page.ts';

const address = { host: '127.0.0.1', port: 18_080 };

test('the token stands in the fragment, and nowhere before it', () => {
  expect(pageAddress(address, 'user', 'user.x')).toBe('http://127.0.0.1:18080/#token=user.x');
  const url = new URL(pageAddress(address, 'session:20261129-185300-k3f9', 'session:20261129-185300-k3f9.x'));
  expect([url.pathname, url.search]).toEqual(['/', '']);
  expect(Object.fromEntries(new URLSearchParams(url.hash.slice(1)))).toEqual({
    session: '20261129-185300-k3f9',
    token: 'session:20261129-185300-k3f9.x',
  });
});

test('the page that leads there holds no element of another’s making', () => {
  expect(forwardingPage('http://a/</script>')).not.toMatch(/<\/script>.*<\/script>/);
});
