import { expect, test } from 'vitest';
import { links } from '../../../../src/sandbox/container/image-trust.ts';

test('a link in each folder of certificates, by the name that is looked for, and one for each store of Java', () => {
  const made = links('0badcafe.0', { JAVA_HOME: '/opt/java' });
  for (const link of [
    '/run/leash/ca.pem:/etc/ssl/certs/0badcafe.0',
    '/run/leash/ca.pem:/etc/pki/ca-trust/source/anchors/leash-session.pem',
    '/run/leash/java-cacerts:/etc/ssl/certs/java/cacerts',
    '/run/leash/java-cacerts:/opt/java/lib/security/cacerts',
  ])
    expect(made).toContain(link);
});

test('an image without Java has only the places of distributions', () => {
  expect(links('0.0', {}).filter((link) => link.includes('java-cacerts'))).toHaveLength(2);
});
