// An authority that the proxy trusts, servers with certificates of it, and requests to them through the proxy.
import { authority, type Certificate, issue, type Wanted } from '../fixtures/certificates.ts';
import type { Lab } from './proxy-lab.ts';

export const NAME = 'api.example.test';
export const root: Certificate = authority('Trusted root');

/** A certificate with nothing wrong but what is `wanted`. */
export function leaf(wanted: Partial<Wanted> = {}): Certificate {
  const good = { isAuthority: false, usage: 0x80, purposes: ['server'], names: [NAME] } as const;
  return issue({ subject: NAME, issuer: root, ...good, ...wanted });
}

/** Asks for `/secret-path` over HTTPS; resolves with the whole answer. */
export async function request(lab: Lab, name: string): Promise<string> {
  const text = `GET /secret-path HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`;
  return await lab.speak(await lab.dialledName(name, 443), [text], name);
}
