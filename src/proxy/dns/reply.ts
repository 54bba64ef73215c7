// A query that was read and what became of it enter, the reply in wire form leaves: cut to what its transport and the asker take.
import type { Buffer } from 'node:buffer';
import dns from 'dns-packet';

/** RFC 1035, section 4.1.1. */
export const RCODE = { ok: 0, malformed: 1, failed: 2, noSuchName: 3, notImplemented: 4 } as const;
/** Seconds. Short, so that a name refused after a policy reload is soon asked again. */
const TTL = 10;
/** Fits every path without fragments (DNS flag day 2020). */
const UDP_PAYLOAD = 1232;
/** Without EDNS (RFC 1035, section 4.2.1). */
const UDP_LEAST = 512;

/** The root, or labels of visible ASCII: names that stand in a reply as they stood in the query. */
const ECHOED = /^(?:\.|[!-\-/-~]+(?:\.[!-\-/-~]+)*)$/;

export type Transport = 'udp' | 'tcp';

/** One record of an answer; its owner is the name asked for. */
export type RecordData =
  | { readonly type: 'A' | 'AAAA' | 'PTR'; readonly data: string }
  | { readonly type: 'TXT'; readonly data: Buffer[] }
  | { readonly type: 'MX'; readonly data: dns.MxData }
  | { readonly type: 'SRV'; readonly data: dns.SrvData }
  | { readonly type: 'CAA'; readonly data: dns.CaaData };

/** Reply with an error and no sections: all that can be said to a query which cannot be read. */
export function bareReply(query: Buffer, rcode: number): Buffer {
  return dns.encode({ type: 'response', id: query.readUInt16BE(0), flags: dns.RECURSION_AVAILABLE | rcode });
}

/** RFC 6891, section 7: an OPT record is answered by one. DNSSEC is not offered: the DO bit is not repeated. */
function edns(): dns.Answer {
  const none = { extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options: [] };
  return { type: 'OPT', name: '.', udpPayloadSize: UDP_PAYLOAD, ...none };
}

/** Longer replies are cut to none, and the asker comes again over TCP (RFC 2181, section 9). */
export function reply(
  query: Buffer,
  packet: dns.DecodedPacket,
  asked: dns.Question,
  rcode: number,
  records: readonly RecordData[],
  transport: Transport,
): Buffer {
  // The decoder makes text of any label: with a dot inside, or longer than its bytes. As a name that is another one, or none.
  if (!ECHOED.test(asked.name)) return bareReply(query, rcode);
  const opt = packet.additionals?.find((record) => record.type === 'OPT');
  const flags = dns.RECURSION_AVAILABLE | (packet.flag_rd ? dns.RECURSION_DESIRED : 0) | rcode;
  const head = { type: 'response' as const, id: packet.id ?? 0, questions: [asked] };
  const additionals = opt === undefined ? [] : [edns()];
  const answers = records.map((record) => ({ ...record, name: asked.name, ttl: TTL }) as dns.Answer);
  const whole = dns.encode({ ...head, flags, answers, additionals });
  const offered = opt === undefined ? UDP_LEAST : Math.min(Math.max(opt.udpPayloadSize, UDP_LEAST), UDP_PAYLOAD);
  if (transport === 'tcp' || whole.length <= offered) return whole;
  return dns.encode({ ...head, flags: flags | dns.TRUNCATED_RESPONSE, answers: [], additionals });
}
