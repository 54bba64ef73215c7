// Checked and compiled policies as text for the cache, and back.
import type { Checked, Compiled } from './policy-set.ts';

interface StoredImage {
  /** Base64. */
  readonly image: string;
}

/** What an entry was made of is part of its key; only time can make it untrue. */
function isCurrent({ staleFrom }: Checked, today: string): boolean {
  return staleFrom === undefined || today < staleFrom;
}

export function encodeChecked(checked: Checked): string {
  return JSON.stringify(checked);
}

/** `today` is a day in UTC, `YYYY-MM-DD`. */
export function decodeChecked(body: string, today: string): Checked | undefined {
  const checked = JSON.parse(body) as Checked;
  return isCurrent(checked, today) ? checked : undefined;
}

export function encodeCompiled(compiled: Compiled): string {
  return JSON.stringify({ ...compiled, image: Buffer.from(compiled.image).toString('base64') });
}

/** `today` is a day in UTC, `YYYY-MM-DD`. The image was verified when it was made; the warden verifies it again. */
export function decodeCompiled(body: string, today: string): Compiled | undefined {
  const { image: base64, ...checked } = JSON.parse(body) as Omit<Compiled, 'image'> & StoredImage;
  return isCurrent(checked, today) ? { ...checked, image: new Uint8Array(Buffer.from(base64, 'base64')) } : undefined;
}
