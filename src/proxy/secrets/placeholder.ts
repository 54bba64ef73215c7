// A credential enters, what the agent holds in its place leaves: of the same shape, so that programs which look at it accept it.
import { randomInt } from 'node:crypto';

/** Beginnings that say what a credential is for, and nothing of its value; longer ones first. */
const PREFIXES = [
  'sk-ant-api03-',
  'sk-ant-oat01-',
  'sk-ant-ort01-',
  'sk-ant-',
  'sk-proj-',
  'sk-svcacct-',
  'sk-or-v1-',
  'sk_live_',
  'sk_test_',
  'sk-',
  'github_pat_',
  'ghp_',
  'gho_',
  'ghu_',
  'ghs_',
  'ghr_',
  'glpat-',
  'gsk_',
  'xai-',
  'hf_',
  'npm_',
  'pypi-',
  'xoxb-',
  'xoxp-',
  'AIza',
  'AKIA',
  'ASIA',
] as const;

const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const HEX = '0123456789abcdef';
/** Fewer random characters could be met by chance. */
const FEWEST_RANDOM = 16;
/** Header, claims and signature in base64url (RFC 7519, section 3). */
const JWT = /^(eyJ[\w-]+\.eyJ[\w-]+\.)[\w-]{20,}$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const AWS_KEY_ID = /^(?:AKIA|ASIA)[A-Z2-7]{16}$/;

function random(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/**
 * Random text that nothing of the value can be told from but its kind and length. Only letters, digits, `-`, `_` and `.`, so it is spelt
 * the same in a URL, in JSON and in a header. As long as the value; of a short one, longer by a multiple of three, which keeps base64 in step.
 * A JWT keeps its header and claims, which clients read, and gets another signature.
 */
export function makePlaceholder(value: string): string {
  if (UUID.test(value)) return value.replace(/[0-9a-f]/g, () => random(HEX, 1));
  if (AWS_KEY_ID.test(value)) return value.slice(0, 4) + random(UPPER, 16);
  const kept = JWT.exec(value)?.[1] ?? PREFIXES.find((prefix) => value.startsWith(prefix)) ?? '';
  const body = value.slice(kept.length);
  const missing = Math.max(0, Math.ceil((FEWEST_RANDOM - body.length) / 3) * 3);
  return kept + random(/^[0-9a-f]+$/.test(body) ? HEX : ALPHANUMERIC, body.length + missing);
}
