// A proxy on a network that is left through a parent proxy: the variables that name it enter, and what it was asked leaves.
import type { UpstreamOptions } from '../../src/proxy/options.ts';
import { readParentProxies } from '../../src/proxy/upstream/parent-proxies.ts';
import { type Parent, type ParentOptions, parentProxy } from '../fixtures/parent-proxy.ts';
import { Lab } from './proxy-lab.ts';

export const NAME = 'api.example.test';
export const PROXY = 'proxy.company.test';
export const SECRET = 'pass word%1';
/** As a variable has it. */
export const WRITTEN = 'agent:pass%20word%251';

export const get = (name: string): string => `GET /path HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`;

export interface BehindOptions extends Partial<ParentOptions> {
  readonly upstream?: Partial<UpstreamOptions>;
  /** Names that have an address here; nothing else has. */
  readonly addresses?: Readonly<Record<string, string>>;
}

export interface Behind {
  readonly lab: Lab;
  readonly parent: Parent;
  /** Names that were resolved here. */
  readonly looked: readonly string[];
  /** Puts an origin where only the proxy finds it. */
  readonly hide: (target: string) => void;
  /** Asks a name for `/path`; resolves with the whole answer. */
  readonly asked: (name: string, port: number) => Promise<string>;
}

export async function behindParent(
  env: Readonly<Record<string, string>>,
  options: BehindOptions = {},
): Promise<Behind> {
  const parents = readParentProxies(env);
  const looked: string[] = [];
  const routes = new Map<string, number>();
  const lab = new Lab({
    upstream: { ...(parents && { parents }), ...options.upstream },
    timeouts: { connect: 3_000 },
    lookup: async (name) => {
      looked.push(name);
      const address = options.addresses?.[name];
      if (address === undefined) throw Object.assign(new Error('no'), { code: 'ENOTFOUND' });
      return [{ address, family: 4 }];
    },
  });
  const parent = parentProxy({ routes, ...options });
  await lab.upstream(parent.server, PROXY, 3128);
  return {
    lab,
    parent,
    looked,
    hide: (target) => {
      routes.set(target, lab.overrides.get(target)?.port ?? 0);
      lab.overrides.delete(target);
    },
    asked: async (name, port) =>
      await lab.speak(await lab.dialledName(name, port), [get(name)], port === 443 ? name : undefined),
  };
}
