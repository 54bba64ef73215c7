// Random requests near the strings of given policies.
import { FILE_ACTIONS, type Program, type Request } from '../../../src/schema/request.ts';
import {
  ARGUMENTS,
  HEADER_VALUES,
  HEADERS,
  METHODS,
  MODEL_TOOLS,
  MODELS,
  OPERATIONS,
  PROVIDERS,
  REPOSITORIES,
  SECRETS,
  SERVERS,
  TOOLS,
} from './random-families.ts';
import { ADDRESSES, COMPONENTS, HASHES, HOSTS, PORTS, VIAS, Words } from './random-words.ts';

export class RequestGenerator extends Words {
  /** `literals` are strings of the policies, so that requests come close to what they say. */
  request(literals: readonly string[]): Request {
    const { random } = this;
    if (!this.isOfAgent) return this.#otherRequest();
    const program = this.#program();
    if (this.family === 'net' || this.family === 'http') {
      const name = random.chance(0.2) ? random.pick(ADDRESSES) : random.pick(HOSTS);
      const port = random.chance(0.3) ? Math.min(65535, random.pick(PORTS) + random.below(3) - 1) : random.pick(PORTS);
      const resource = { type: 'host', name } as const;
      if (random.chance(0.1)) return { action: 'DnsResolve', resource, qtype: 'A' };
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
      return this.#httpRequest(name, port, program);
    }
    const path = this.#requestPath(literals);
    if (this.family === 'file') return { action: random.pick(FILE_ACTIONS), resource: { type: 'path', path }, program };
    const argv = random.pick([['x'], ['git', 'push', '--force'], ['rm', '-f', 'a']]);
    const resource = { type: 'path', path: path.replace(/\/$/, '') || '/a' } as const;
    return { action: 'ProcessExec', resource, program, argv, ...this.#content() };
  }

  #httpRequest(name: string, port: number, program: Program): Request {
    const { random } = this;
    const some = (from: readonly string[]): readonly string[] => from.filter(() => random.chance(0.4));
    const host = name.includes(':') ? `[${name}]` : name;
    const git = { operation: random.pick(OPERATIONS), repository: `${host}/${random.pick(REPOSITORIES)}` };
    const model = {
      provider: random.pick(PROVIDERS),
      name: random.pick(MODELS),
      tools: some(TOOLS),
      serverTools: some(MODEL_TOOLS),
      mcpServers: some(SERVERS),
    };
    return {
      action: 'HttpRequest',
      resource: { type: 'host', name },
      program,
      port,
      method: random.pick(['GET', 'POST']),
      path: random.pick(['/v1', '/v1/x', '/']),
      query: random.pick(['', '', 'v1', 'a=/v1']),
      scheme: 'https',
      headers: new Map(random.chance(0.5) ? [['accept', random.pick(['GET', 'tcp', 'a'])]] : []),
      ...(random.chance(0.4) && { git }),
      ...(random.chance(0.4) && { model }),
    };
  }

  #otherRequest(): Request {
    const { random } = this;
    const host = { type: 'host', name: random.pick(HOSTS) } as const;
    const header = random.pick(HEADERS);
    const port = random.pick(PORTS);
    if (this.family === 'rewrite')
      return { action: 'HttpRewrite', resource: host, port, header, value: random.pick(HEADER_VALUES) };
    if (this.family === 'secret')
      return { action: 'SecretUse', resource: { type: 'secret', name: random.pick(SECRETS) }, host, port, header };
    const server = random.pick(SERVERS);
    const args = new Map(
      ARGUMENTS.filter(() => random.chance(0.4)).map((name) => [name, random.pick(['/w/a', 'true', ''])]),
    );
    const resource = random.chance(0.7)
      ? ({ type: 'tool', name: random.pick(TOOLS), server } as const)
      : ({ type: 'server', name: server } as const);
    return { action: 'McpCall', resource, method: random.pick(METHODS), args };
  }

  #content(): { readonly sha256?: string } {
    return this.random.chance(0.5) ? { sha256: this.random.pick(HASHES) } : {};
  }

  #program(): Program {
    const { random } = this;
    const exe = random.chance(0.05) ? '' : this.filePath();
    const ancestors = Array.from({ length: random.below(4) }, () => this.filePath());
    const via = random.chance(0.4) ? { via: random.pick(VIAS) } : {};
    return { exe, uid: random.pick([0, 1000]), ancestors, ...this.#content(), ...via };
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
