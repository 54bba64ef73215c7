// A path in, the file of the built user interface that it names out. The interface's token stays in the browser: a fragment never travels.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { safetyHeaders } from '../guard.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};
/** A file's name, below one folder at most. */
const FILE = /^\/(?:[\w-]+\/)?[\w-][\w.-]*$/;
/** What the page itself leads to: names without an ending. */
const SCREEN = /^\/(?!api(?:\/|$))(?:[\w-]+(?:\/[\w-]+)*)?$/;

function hashes(page: string, element: 'script' | 'style'): string {
  const inline = page.matchAll(new RegExp(`<${element}(?![^>]*\\ssrc=)[^>]*>([\\s\\S]*?)</${element}>`, 'g'));
  return [...inline].map(([, text = '']) => ` 'sha256-${createHash('sha256').update(text).digest('base64')}'`).join('');
}

/** Scripts and styles of the page's own, named by their hashes where they stand in it; and connections to nobody but the hub. */
export function contentPolicy(page: string): string {
  const own = (element: 'script' | 'style'): string => `'self'${hashes(page, element)}`;
  return [
    "default-src 'none'",
    `script-src ${own('script')}`,
    `style-src ${own('style')}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** @param folder absolute, of the built interface. */
export function pagesOf(folder: string): (asked: string) => Promise<Response | undefined> {
  return async (asked) => {
    const name = SCREEN.test(asked) ? '/index.html' : asked;
    const type = TYPES[path.extname(name)];
    if (!FILE.test(name) || type === undefined) return undefined;
    const bytes = await readFile(path.join(folder, name)).catch(() => undefined);
    if (bytes === undefined) return undefined;
    const policy = type.startsWith('text/html') ? contentPolicy(bytes.toString('utf8')) : undefined;
    return new Response(new Uint8Array(bytes), { headers: { ...safetyHeaders(policy), 'Content-Type': type } });
  };
}
