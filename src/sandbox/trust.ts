// What makes programs in the sandbox trust the session's certificate authority: variables, and what is mounted where programs look.
import fs from 'node:fs';
import path from 'node:path';
import { type SystemBundle, systemBundle, TRUST_FILE_VARIABLES } from '../host/roots.ts';
import { chromiumPolicies } from './chromium.ts';
import { type GrownFolder, grownFolder } from './grown-folder.ts';
import { javaStores } from './java.ts';
import { javaStore } from './java-store.ts';
import { OWN_FOLDER } from './own-folder.ts';

/** Where the bundle (public roots, the user's, and the session's) is inside the sandbox. */
export const BUNDLE: string = `${OWN_FOLDER}/ca-bundle.pem`;
/** What clients add to roots of their own: the session's certificate and the user's roots. */
export const ADDED_ROOTS: string = `${OWN_FOLDER}/ca.pem`;
/** All roots, for a Java runtime that is told of it. */
export const JAVA_STORE: string = `${OWN_FOLDER}/java-cacerts`;

/** Folders in which OpenSSL looks a certificate up by the hash of its name, and Go and .NET read everything. */
export const HASHED_FOLDERS: readonly string[] = [
  '/etc/ssl/certs',
  '/etc/pki/tls/certs',
  '/etc/pki/ca-trust/extracted/pem/directory-hash',
  '/etc/ca-certificates/extracted/cadir',
  '/var/lib/ca-certificates/openssl',
];
/** Where p11-kit's trust module reads anchors: GnuTLS and NSS of Fedora, Arch and openSUSE. Source: update-ca-trust(8), trust(1). */
export const ANCHOR_FOLDERS: readonly string[] = [
  '/etc/pki/ca-trust/source/anchors',
  '/etc/ca-certificates/trust-source/anchors',
  '/etc/pki/trust/anchors',
];

/** These add a file's certificates to roots that the program brings; a whole bundle would cost Node 10 ms at its first connection. */
const ADDING: ReadonlySet<string> = new Set(['NODE_EXTRA_CA_CERTS', 'DENO_CERT']);

/** Would win over the variables that are set here, or say something else beside them. */
const IN_THE_WAY: ReadonlySet<string> = new Set([
  'SSL_CERT_DIR',
  'GIT_SSL_CAPATH',
  'PERL_LWP_SSL_CA_PATH',
  'HTTPS_CA_FILE',
  'HTTPS_CA_DIR',
  'YARN_CA_FILE_PATH',
]);

/** npm and yarn read their variables whatever the case of their names, so that the last one would count. */
const IN_THE_WAY_IN_ANY_CASE = /^(npm|yarn|pnpm)_config_(ca|cafile)$|^yarn_(ca|cafile)$/i;

/** Whether an inherited variable may not reach the agent, because it would take the session's authority out of a client's trust. */
export function contradictsTrust(name: string): boolean {
  return IN_THE_WAY.has(name) || IN_THE_WAY_IN_ANY_CASE.test(name);
}

/** Every variable by which a common client is told its trust store; an inherited value would win otherwise. */
export function trustVariables(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  // What the user's file has and the client lacks could be the system's additions, which only the bundle has.
  const place = (name: string): string => (ADDING.has(name) && !env[name] ? ADDED_ROOTS : BUNDLE);
  return Object.fromEntries(TRUST_FILE_VARIABLES.map((name) => [name, place(name)]));
}

export interface TrustRequest {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Certificate of the session's authority, PEM, and its name in a hashed folder. */
  readonly ca: { readonly certificatePem: string; readonly fileName: string };
  /** PEM certificates trusted besides the system's: of `--ca`, and of variables. */
  readonly roots: readonly string[];
  /** Real paths of files that variables name: programs may know them from their configuration, too. */
  readonly rootFiles: readonly string[];
  /** Whether what lies at a real path may be covered: neither the agent's own, nor out of its sight. */
  readonly mayCover: (place: string) => boolean;
}

export interface TrustMounts {
  readonly folders: readonly GrownFolder[];
  /** Place → content of a read-only file; made after the folders. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** Variables that depend on what this host has. */
  readonly env: Readonly<Record<string, string>>;
}

function realPaths(candidates: readonly string[]): string[] {
  const existing = candidates.filter((candidate) => fs.existsSync(candidate));
  return [...new Set(existing.map((candidate) => fs.realpathSync.native(candidate)))];
}

function deepestFolder(file: string): string {
  const folder = path.dirname(file);
  return fs.existsSync(folder) ? folder : deepestFolder(folder);
}

/** Folder → name → target of the links to be added: certificates by the names under which they are looked for. */
function addedLinks(fileName: string): Map<string, Map<string, string>> {
  const named = [
    ...realPaths(HASHED_FOLDERS).map((place) => [place, fileName] as const),
    ...realPaths(ANCHOR_FOLDERS).map((place) => [place, 'leash-session.pem'] as const),
  ];
  return new Map(named.map(([place, name]) => [place, new Map([[name, ADDED_ROOTS]])]));
}

/** A runtime that the agent brings itself; it says on standard error that it read the variable, so only where no other is known. */
function javaFallback(env: TrustRequest['env'], bundle: Buffer): Pick<TrustMounts, 'env' | 'files'> {
  const inherited = env['JAVA_TOOL_OPTIONS'];
  const option = `-Djavax.net.ssl.trustStore=${JAVA_STORE}`;
  const options = inherited === undefined ? option : `${inherited} ${option}`;
  const store = javaStore(bundle.toString('latin1'));
  return { env: { JAVA_TOOL_OPTIONS: options }, files: new Map([[JAVA_STORE, store]]) };
}

/** Files and folders that the host's are covered with. */
export function trustMounts(request: TrustRequest, system: SystemBundle = systemBundle()): TrustMounts {
  const { ca, mayCover } = request;
  const pems = [ca.certificatePem, ...request.roots];
  const added = Buffer.from(pems.join(''));
  const bundle = Buffer.concat([system.pem, Buffer.from('\n'), added]);
  const stores = javaStores(request.env, added, bundle, mayCover);
  const fallback = stores.size === 0 ? javaFallback(request.env, bundle) : { env: {}, files: [] };
  const policies = chromiumPolicies(pems);
  const covered = [...system.places, ...request.rootFiles.filter(mayCover)];
  const files = new Map<string, Buffer>([
    [BUNDLE, bundle],
    [ADDED_ROOTS, added],
    ...covered.map((place) => [place, bundle] as const),
    ...stores,
    ...fallback.files,
  ]);
  const links = addedLinks(ca.fileName);
  for (const file of policies.keys()) links.set(deepestFolder(file), new Map());
  const folders = [...links].flatMap(([place, names], number) => grownFolder(place, number, files, names) ?? []);
  // Elsewhere no file can be made.
  const isGrown = (file: string): boolean => folders.some(({ place }) => place === deepestFolder(file));
  for (const [file, content] of policies) if (isGrown(file)) files.set(file, content);
  return { folders, files, env: fallback.env };
}
