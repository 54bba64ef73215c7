// Random text that nobody can guess in; where it, or a form of it, is seen in bytes out.
import { randomBytes } from 'node:crypto';

/** 32 hexadecimal digits. */
export function newCanary(): string {
  return randomBytes(16).toString('hex');
}

/** The start of a base64 text depends on where in a group of three the canary begins; what surely stands there is compared. */
function base64Forms(text: string): string[] {
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)])
      .toString('base64')
      .replaceAll('=', '');
    return encoded.slice(shift === 0 ? 0 : shift + 1, -2);
  });
}

/** By name, the forms in which a canary is looked for. */
export function formsOf(canary: string): ReadonlyMap<string, string> {
  const forms = new Map([['as it is', canary]]);
  for (const form of base64Forms(canary)) forms.set(`base64 ${form.slice(0, 4)}`, form);
  forms.set('hexadecimal', Buffer.from(canary).toString('hex'));
  forms.set('reversed', [...canary].reverse().join(''));
  forms.set('spaced', [...canary].join(' '));
  forms.set('a byte a line', [...canary].join('\n'));
  return forms;
}

/** The name of the first form of the canary in the bytes, if any. */
export function canarySeen(bytes: Buffer, canary: string): string | undefined {
  for (const [name, form] of formsOf(canary)) if (bytes.includes(form)) return name;
  return undefined;
}
