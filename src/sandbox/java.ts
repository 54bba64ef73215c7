// The environment in; the trust stores that Java runtimes of this host would read, and what they are covered with, out.
import fs from 'node:fs';
import path from 'node:path';
import { findProgram } from '../host/doctor/find-program.ts';
import { isJavaStore, javaStore, PASSWORD } from './java-store.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Debian's and Fedora's one store for all their runtimes. */
export const JAVA_STORES: readonly string[] = [
  '/etc/ssl/certs/java/cacerts',
  '/etc/pki/ca-trust/extracted/java/cacerts',
];
const RUNTIMES = '/usr/lib/jvm';
/** Options of every runtime, and of the build tools that start one. */
const OPTION_VARIABLES = [
  'JAVA_TOOL_OPTIONS',
  'JDK_JAVA_OPTIONS',
  '_JAVA_OPTIONS',
  'JAVA_OPTS',
  'MAVEN_OPTS',
  'GRADLE_OPTS',
  'ANT_OPTS',
  'SBT_OPTS',
];
/** A store with all public roots has 0.2 MB. */
const MOST_BYTES = 4 << 20;

function entriesOf(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

/** Homes of runtimes: JAVA_HOME, that of `java` on PATH, the distribution's. */
function homes(env: Env): string[] {
  const java = findProgram('java', env);
  // …/bin/java, and …/jre/bin/java up to Java 8
  const ofJava = java === undefined ? [] : [path.join(fs.realpathSync.native(java), '../..')];
  const named = env['JAVA_HOME'] === undefined ? [] : [env['JAVA_HOME']];
  return [...named, ...ofJava, ...entriesOf(RUNTIMES).map((name) => `${RUNTIMES}/${name}`)];
}

/** Source: JSSE reference guide, "The Default TrustManagerFactory": jssecacerts, if there is one, stands for cacerts. */
function storesOf(home: string): string[] {
  return ['lib/security', 'jre/lib/security'].flatMap((folder) =>
    ['jssecacerts', 'cacerts'].map((name) => `${home}/${folder}/${name}`),
  );
}

interface NamedStore {
  readonly file: string;
  readonly password: string;
}

/** What `-Djavax.net.ssl.trustStore=` says in variables. */
export function namedStores(env: Env): NamedStore[] {
  return OPTION_VARIABLES.flatMap((variable) => {
    const options = env[variable] ?? '';
    const file = /-Djavax\.net\.ssl\.trustStore=(\S+)/.exec(options)?.[1];
    const password = /-Djavax\.net\.ssl\.trustStorePassword=(\S+)/.exec(options)?.[1];
    return file === undefined ? [] : [{ file, password: password ?? PASSWORD }];
  });
}

function read(file: string): Buffer | undefined {
  const stat = fs.statSync(file);
  return stat.isFile() && stat.size <= MOST_BYTES ? fs.readFileSync(file) : undefined;
}

/**
 * Real path → content. A store in JKS keeps what it has; one in another format is covered with all of the bundle.
 * @param added PEM of what is new
 * @param bundle PEM of everything
 * @param mayCover whether a store at this real path is looked at
 */
export function javaStores(
  env: Env,
  added: Buffer,
  bundle: Buffer,
  mayCover: (place: string) => boolean,
): Map<string, Buffer> {
  const own = [...JAVA_STORES, ...homes(env).flatMap(storesOf)].map((file) => ({ file, password: PASSWORD }));
  const stores = new Map<string, Buffer>();
  // An exception costs more than a look.
  for (const { file, password } of [...namedStores(env), ...own].filter((store) => fs.existsSync(store.file))) {
    try {
      const place = fs.realpathSync.native(file);
      const base = stores.has(place) || !mayCover(place) ? undefined : read(place);
      if (base === undefined) continue;
      const pem = (isJavaStore(base) ? added : bundle).toString('latin1');
      stores.set(place, javaStore(pem, base, password));
    } catch {
      // not ours to read
    }
  }
  return stores;
}
