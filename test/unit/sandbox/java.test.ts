import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSessionCa } from '../../../src/proxy/tls/session-ca.ts';
import { javaStores, namedStores } from '../../../src/sandbox/java.ts';
import { javaStore } from '../../../src/sandbox/java-store.ts';

const [own, added] = [createSessionCa().certificatePem, createSessionCa().certificatePem] as const;
const bundle = `${own}${added}`;

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'leash-java-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(name: string, content: Buffer): string {
  const file = path.join(root, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content, { mode: 0o755 });
  return file;
}

const stores = (env: Record<string, string>, mayCover: (place: string) => boolean = () => true) =>
  javaStores(env, Buffer.from(added), Buffer.from(bundle), mayCover);

test('a store of JAVA_HOME keeps its entries and has one more; one in another format has the whole bundle', () => {
  const base = javaStore(own);
  const jks = put('17/lib/security/cacerts', base);
  const pkcs12 = put('8/jre/lib/security/cacerts', Buffer.from('PKCS #12'));
  expect(stores({ JAVA_HOME: path.join(root, '17') }).get(jks)).toEqual(javaStore(added, base));
  expect(stores({ JAVA_HOME: path.join(root, '8') }).get(pkcs12)).toEqual(javaStore(bundle));
});

test('the runtime of `java` on PATH is found behind links', () => {
  const store = put('jdk/lib/security/cacerts', javaStore(own));
  put('jdk/bin/java', Buffer.from('#!/bin/sh\n'));
  mkdirSync(path.join(root, 'bin'));
  symlinkSync(path.join(root, 'jdk/bin/java'), path.join(root, 'bin/java'));
  expect([...stores({ PATH: path.join(root, 'bin') }).keys()]).toContain(store);
});

test('stores that options name are covered, with a digest for their password', () => {
  const store = put('company.jks', javaStore(own, undefined, 'theirs'));
  const options = `-Xmx1g -Djavax.net.ssl.trustStore=${store} -Djavax.net.ssl.trustStorePassword=theirs`;
  expect(namedStores({ MAVEN_OPTS: options })).toEqual([{ file: store, password: 'theirs' }]);
  const kept = javaStore(own, undefined, 'theirs');
  expect(stores({ MAVEN_OPTS: options }).get(store)).toEqual(javaStore(added, kept, 'theirs'));
});

test('what may not be covered, is a folder, or is not there is left out', () => {
  const store = put('jdk/lib/security/cacerts', javaStore(''));
  mkdirSync(path.join(root, 'jdk/lib/security/jssecacerts'));
  expect(stores({ JAVA_HOME: path.join(root, 'jdk') }, (place) => place !== store).has(store)).toBe(false);
  const found = [...stores({ JAVA_HOME: path.join(root, 'jdk'), PATH: '' }).keys()];
  expect(found.filter((place) => place.startsWith(root))).toEqual([store]);
});
