// Method, path and query of a request enter; what it does to which Git repository leaves, when it is one of Git's own requests.
import type { GitOperation, HttpRequest } from '../../schema/request.ts';
import { queryParameters } from './override.ts';

/** Most requests are none of Git's, and end here. */
const PERHAPS = /git|\/info\/|\/objects\/|\/head$/i;
const FETCH = 'git-upload-pack';
const PUSH = 'git-receive-pack';
/** The files of the dumb protocol (gitprotocol-http(5)), which reads them one by one. */
const FILES: readonly RegExp[] = [
  /^(.*)\/info\/refs$/,
  /^(.*)\/objects\/info\/(?:packs|alternates|http-alternates)$/,
  /^(.*)\/objects\/[\da-f]{2}\/(?:[\da-f]{38}|[\da-f]{62})$/,
  /^(.*)\/objects\/pack\/pack-(?:[\da-f]{40}|[\da-f]{64})\.(?:pack|idx)$/,
  // Elsewhere the name is nothing of Git's.
  /^(.*\.git)\/HEAD$/i,
];
/** Large File Storage: locks, and a batch of objects to upload or download, which only the body tells. */
const LARGE_FILES = /^(.*)\/info\/lfs(?:\/.*)?$/i;
/** Anything in a repository that is called one: WebDAV pushes write so (git-http-push(1)). */
const INSIDE = /^(.*?\.git)\/./i;
/** A service, whatever letters a server takes for small ones, and with what some servers drop behind it. */
const SERVICE = /^(.*)\/(git-upload-pack|git-receive-pack)(?:[/.]|%20)*$/i;
/** What is sent to a path like this may reach the service on servers that take off more. */
const TOWARD_PUSH = /^(.*?)\/git-receive-pack/i;

type Told = readonly [operation: GitOperation['operation'], path: string];

function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

/** The first request of a fetch and of a push ask for the same file, with the service as a parameter. */
function advertised(query: string): GitOperation['operation'] {
  const values = queryParameters(query).flatMap(([name, value]) =>
    name.trim().toLowerCase() === 'service' ? [value.trim().toLowerCase()] : [],
  );
  if (values.some((value) => value.includes('receive-pack'))) return 'push';
  return values.every((value) => value === FETCH) ? 'fetch' : 'info';
}

/** Where only the body could tell a push from a fetch, it counts as a push. */
function told({ method, path, query, headers }: HttpRequest): Told | undefined {
  const toward = isReading(method) ? undefined : TOWARD_PUSH.exec(path)?.[1];
  if (toward !== undefined) return ['push', toward.replace(/\/git-upload-pack$/i, '')];
  const service = SERVICE.exec(path);
  if (service !== null) {
    const isPush = service[2]?.toLowerCase() === PUSH || /receive-pack/i.test(headers.get('content-type') ?? '');
    return [isPush ? 'push' : 'fetch', service[1] ?? ''];
  }
  const lfs = LARGE_FILES.exec(path)?.[1];
  if (lfs !== undefined) return [isReading(method) ? 'info' : 'push', lfs];
  for (const [index, pattern] of FILES.entries()) {
    const found = pattern.exec(path)?.[1];
    if (found === undefined) continue;
    if (!isReading(method)) return ['push', found];
    return [index === 0 ? advertised(query) : 'fetch', found];
  }
  const inside = isReading(method) ? undefined : INSIDE.exec(path)?.[1];
  return inside === undefined ? undefined : ['push', inside];
}

/** `/team/app.git/` and `/team/app` are `team/app`; the folder `.git` of a working copy is the copy's. */
function repositoryPath(path: string): string {
  const names = path.split('/').filter((name) => name !== '');
  const last = names.pop();
  const bare = last?.replace(/\.git$/i, '') ?? '';
  return (bare === '' ? names : [...names, bare]).join('/');
}

/**
 * Sources: gitprotocol-http(5), git-http-backend(1), the batch API of Git LFS. A forge's own pages and API are no requests of Git's.
 * @param request with its path in canonical form
 */
export function gitOperation(request: HttpRequest): GitOperation | undefined {
  if (!PERHAPS.test(request.path)) return undefined;
  const found = told(request);
  if (found === undefined) return undefined;
  const [operation, path] = found;
  const { name } = request.resource;
  return { operation, repository: `${name.includes(':') ? `[${name}]` : name}/${repositoryPath(path)}` };
}
