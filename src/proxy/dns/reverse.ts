// The name that a PTR question asks for enters, the address it stands for leaves (RFC 1035, section 3.5; RFC 3596, section 2.5).
import { canonicalAddress } from '../names/address.ts';

const V4 = /^((?:\d{1,3}\.){4})in-addr\.arpa$/;
const V6 = /^((?:[0-9a-f]\.){32})ip6\.arpa$/;

/** @returns canonical text, or undefined when the name stands for no whole address */
export function reversedAddress(name: string): string | undefined {
  const lower = name.toLowerCase();
  const v4 = V4.exec(lower)?.[1];
  if (v4 !== undefined) return canonicalAddress(v4.split('.').slice(0, -1).reverse().join('.'));
  const nibbles = V6.exec(lower)?.[1]?.split('.').slice(0, -1).reverse().join('');
  return nibbles === undefined ? undefined : canonicalAddress((nibbles.match(/.{4}/g) ?? []).join(':'));
}
