// A package's files in; an npm registry on a loopback port that serves only that package out.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

export interface Registry {
  readonly url: string;
  /** Subresource Integrity of the tarball. */
  readonly integrity: string;
  readonly close: () => Promise<void>;
}

function pack(folder: string, manifest: Manifest, files: Readonly<Record<string, string>>): Buffer {
  const root = path.join(folder, 'package');
  mkdirSync(root, { recursive: true });
  writeFileSync(path.join(root, 'package.json'), JSON.stringify(manifest));
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(root, name), content, { mode: 0o755 });
  const tarball = path.join(folder, 'package.tgz');
  execFileSync('tar', ['-C', folder, '-czf', tarball, 'package']);
  return readFileSync(tarball);
}

/** @param folder an empty folder to work in. */
export async function startRegistry(
  folder: string,
  manifest: Manifest,
  files: Readonly<Record<string, string>>,
): Promise<Registry> {
  const tarball = pack(folder, manifest, files);
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  const server = http.createServer((request, response) => {
    if (request.url === '/toy.tgz') {
      response.end(tarball);
      return;
    }
    if (decodeURIComponent(request.url ?? '') !== `/${manifest.name}`) {
      response.writeHead(404).end('{}');
      return;
    }
    const dist = { tarball: `http://${request.headers.host}/toy.tgz`, integrity };
    const versions = { [manifest.version]: { ...manifest, hasInstallScript: manifest.scripts !== undefined, dist } };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ name: manifest.name, 'dist-tags': { latest: manifest.version }, versions }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    integrity,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
