// The table [approvals] in, its settings out, or what is wrong with it.
import { type ApprovalSettings, isTable, type Placed } from './config.ts';
import { ConfigFault, insteadOf } from './fault.ts';
import { type Base, readPlace } from './place.ts';

const KEYS = ['webhook', 'secret_file'];
const LOOPBACK = /^(127(\.\d{1,3}){3}|\[::1\]|localhost)$/;

interface ApprovalsContext extends Base {
  readonly lineOf: (...keys: readonly string[]) => number;
}

/** Without a login: it would stand in the file, and a signature says more. */
function isWebhook(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  const isSafe = protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
  return isSafe && username === '' && password === '';
}

/** A URL may hold a token and is in no message. @throws ConfigFault */
export function readApprovals(value: unknown, context: ApprovalsContext): ApprovalSettings {
  if (value === undefined) return {};
  if (!isTable(value)) throw new ConfigFault('approvals is no table; write [approvals]', 'approvals');
  const unknown = Object.keys(value).find((key) => !KEYS.includes(key));
  if (unknown !== undefined)
    throw new ConfigFault(
      `approvals has no key ${JSON.stringify(unknown)}; ${insteadOf(unknown, KEYS)}`,
      'approvals',
      unknown,
    );
  const placed = (key: string, read: (text: string) => string): Placed<string> | undefined => {
    const text = value[key];
    if (text === undefined) return undefined;
    if (typeof text !== 'string') throw new ConfigFault(`${key} needs a text in quotes`, 'approvals', key);
    return { value: read(text), line: context.lineOf('approvals', key) };
  };
  const webhook = placed('webhook', (text) => {
    if (isWebhook(text)) return text;
    const form = 'an https URL without a login, as "https://hooks.example/leash"; http only for 127.0.0.1';
    throw new ConfigFault(`webhook needs ${form}`, 'approvals', 'webhook');
  });
  const secretFile = placed('secret_file', (text) => readPlace(text, context, 'approvals', 'secret_file'));
  if (secretFile !== undefined && webhook === undefined)
    throw new ConfigFault('secret_file is for a webhook, and there is none', 'approvals', 'secret_file');
  return { ...(webhook && { webhook }), ...(secretFile && { secretFile }) };
}
