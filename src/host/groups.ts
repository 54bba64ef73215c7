// The process's group ids and a group database in, the names of the user's groups out, as `id -Gn` prints them.
import fs from 'node:fs';

/** Names by number. Lines that are none are left out, the first of two for one number holds. Source: group(5). */
export function parseGroups(database: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const line of database.split('\n')) {
    const [, name = '', id = ''] = /^([^:#+-][^:]*):[^:]*:(\d+):/.exec(line) ?? [];
    if (name !== '' && !names.has(Number(id))) names.set(Number(id), name);
  }
  return names;
}

/**
 * Groups of the account that runs this process, the primary one first. A group that only another name service knows (LDAP, SSSD) goes
 * by its number: asking the C library's name services would take a process.
 */
export function groupNames(file = '/etc/group'): string[] {
  let database = '';
  try {
    database = fs.readFileSync(file, 'utf8');
  } catch {
    // A system without the file: numbers are all there is.
  }
  const names = parseGroups(database);
  const ids = new Set([process.getgid?.(), ...(process.getgroups?.() ?? [])]);
  return [...ids].flatMap((id) => (id === undefined ? [] : (names.get(id) ?? String(id))));
}
