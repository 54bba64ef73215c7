// Random requests near the strings of given policies.
import { FILE_ACTIONS, type Program, type Request } from '../../../src/schema/request.ts';
import { ADDRESSES, COMPONENTS, HASHES, HOSTS, PORTS, Words } from './random-words.ts';

export class RequestGenerator extends Words {
  /** `literals` are strings of the policies, so that requests come close to what they say. */
  request(literals: readonly string[]): Request {
    const { random } = this;
    const program = this.#program();
    if (this.family === 'net' || this.family === 'http') {
      const name = random.chance(0.2) ? random.pick(ADDRESSES) : random.pick(HOSTS);
      const port = random.chance(0.3) ? Math.min(65535, random.pick(PORTS) + random.below(3) - 1) : random.pick(PORTS);
      const resource = { type: 'host', name } as const;
      if (this.family === 'net') {
        return {
          action: 'NetConnect',
          resource,
          program,
          port,
          protocol: random.pick(['tcp', 'udp']),
          ip: random.pick(ADDRESSES),
        };
      }
      const headers = new Map(random.chance(0.5) ? [['accept', random.pick(['GET', 'tcp', 'a'])]] : []);
      return {
        action: 'HttpRequest',
        resource,
        port,
        method: random.pick(['GET', 'POST']),
        path: random.pick(['/v1', '/v1/x', '/']),
        scheme: 'https',
        headers,
      };
    }
    const path = this.#requestPath(literals);
    if (this.family === 'file') return { action: random.pick(FILE_ACTIONS), resource: { type: 'path', path }, program };
    const argv = random.pick([['x'], ['git', 'push', '--force'], ['rm', '-f', 'a']]);
    const resource = { type: 'path', path: path.replace(/\/$/, '') || '/a' } as const;
    return { action: 'ProcessExec', resource, program, argv, ...this.#content() };
  }

  #content(): { readonly sha256?: string } {
    return this.random.chance(0.5) ? { sha256: this.random.pick(HASHES) } : {};
  }

  #program(): Program {
    const { random } = this;
    const exe = random.chance(0.05) ? '' : this.filePath();
    const ancestors = Array.from({ length: random.below(4) }, () => this.filePath());
    return { exe, uid: random.pick([0, 1000]), ancestors, ...this.#content() };
  }

  #requestPath(literals: readonly string[]): string {
    const { random } = this;
    let path = random.chance(0.45) && literals.length > 0 ? random.pick(literals) : this.path();
    if (random.chance(0.1)) path = random.pick(['/w/', '/home/u/', '/tmp/']) + path.slice(1);
    if (random.chance(0.15) && !path.endsWith('/')) path += '/';
    if (random.chance(0.3))
      path = `${path.replace(/\/$/, '')}/${random.pick(COMPONENTS)}${random.chance(0.2) ? '/' : ''}`;
    const isCanonical = /^\/(?:[^/]+\/)*[^/]*$/.test(path) && !/\/\.\.?(?:\/|$)/.test(path);
    return isCanonical ? path : this.path();
  }
}
