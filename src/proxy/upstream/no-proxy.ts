// The text of NO_PROXY enters, whether a host is reached without the parent proxy leaves.
import net from 'node:net';
import { canonicalAddress } from '../names/address.ts';
import { canonicalHost } from '../names/canonical-host.ts';

/** Whether a rule covers a canonical name or address and a port. */
type Rule = (host: string, port: number) => boolean;

const ENTRY = /^(?:\[(?<bracketed>[^\]]+)\]|(?<host>[^\s:]+|[^\s:]*(?::[^\s:]*){2,}))(?::(?<port>\d{1,5}))?$/;

function network(text: string): Rule | undefined {
  const [base = '', bits = ''] = text.split('/');
  const family = net.isIP(base);
  if (family === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) return undefined;
  const list = new net.BlockList();
  list.addSubnet(base, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  return (host) => net.isIP(host) !== 0 && list.check(host, net.isIPv4(host) ? 'ipv4' : 'ipv6');
}

function names(text: string): Rule | undefined {
  if (text === '*') return () => true;
  const below = /^\*?\.(.+)$/.exec(text)?.[1];
  const host = canonicalHost(below ?? text);
  if (host === undefined) return undefined;
  if (net.isIP(host) !== 0) return below === undefined ? (other) => other === host : undefined;
  return (other) => other.endsWith(`.${host}`) || (below === undefined && other === host);
}

function readEntry(entry: string): Rule | undefined {
  if (entry.includes('/')) return network(entry);
  const { bracketed, host = '', port } = ENTRY.exec(entry)?.groups ?? {};
  const rule = names(bracketed === undefined ? host : (canonicalAddress(bracketed) ?? ''));
  if (rule === undefined || port === undefined) return rule;
  return (other, otherPort) => otherPort === Number(port) && rule(other, otherPort);
}

export interface NoProxy {
  readonly covers: Rule;
  /** Entries that mean nothing, as written. */
  readonly unread: readonly string[];
}

/**
 * Entries are separated by commas or white space: `*` for everything; a name, for itself and all below it; `.name` or `*.name`, for
 * what is below it only; an address; a network (`10.0.0.0/8`); each but a network with a port if wanted (`name:8443`,
 * `[fd00::1]:443`). Addresses and networks are compared with addresses that were dialled, never with what a name resolves to.
 * Source: golang.org/x/net/http/httpproxy, whose rules these are.
 */
export function readNoProxy(text: string): NoProxy {
  const rules: Rule[] = [];
  const unread: string[] = [];
  for (const entry of text.split(/[\s,]+/).filter((word) => word !== '')) {
    const rule = readEntry(entry);
    if (rule === undefined) unread.push(entry);
    else rules.push(rule);
  }
  return { covers: (host, port) => rules.some((rule) => rule(host, port)), unread };
}
