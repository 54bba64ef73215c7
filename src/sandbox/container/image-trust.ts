// What an image says of Java in; the places where its programs look certificates up, each with the file of Leash's that stands there, out.

import { JAVA_STORES } from '../java.ts';
import { ADDED_ROOTS, ANCHOR_FOLDERS, HASHED_FOLDERS, JAVA_STORE } from '../trust.ts';

/** Bundles of roots of the distributions; the variables name Leash's to who looks elsewhere. Mounted, because all programs read one. */
export const BUNDLES: readonly string[] = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/ssl/cert.pem',
  '/etc/pki/tls/certs/ca-bundle.crt',
];

function javaStores(home: string | undefined): readonly string[] {
  const own = home === undefined ? [] : [`${home}/lib/security/cacerts`, `${home}/jre/lib/security/cacerts`];
  return [...JAVA_STORES, ...own];
}

/**
 * The image cannot be seen from here: where it has no such folder, the entry makes no link.
 * @param fileName of the session's certificate in a folder that OpenSSL looks in
 * @returns `TARGET:PLACE` each
 */
export function links(fileName: string, imageEnv: Readonly<Record<string, string>>): readonly string[] {
  return [
    ...HASHED_FOLDERS.map((folder) => [ADDED_ROOTS, `${folder}/${fileName}`]),
    ...ANCHOR_FOLDERS.map((folder) => [ADDED_ROOTS, `${folder}/leash-session.pem`]),
    ...javaStores(imageEnv['JAVA_HOME']).map((store) => [JAVA_STORE, store]),
  ].map(([target, place]) => `${target}:${place}`);
}

/** Options that the image has for every runtime stay; of two stores the last one counts. */
export function withJavaOptions(
  { JAVA_TOOL_OPTIONS: before }: Readonly<Record<string, string>>,
  trusted: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const { JAVA_TOOL_OPTIONS: own } = trusted;
  return before === undefined || own === undefined ? trusted : { ...trusted, JAVA_TOOL_OPTIONS: `${before} ${own}` };
}
