// Files of a host and what an agent does to them in; a review of both out, with an upper layer as overlayfs writes it, made by hand.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Change } from '../../../src/review/change.ts';
import { letterOf } from '../../../src/review/change.ts';
import { pendingChanges } from '../../../src/review/changes.ts';
import { textOf } from '../../../src/review/name.ts';
import { openReview, type Review } from '../../../src/review/record.ts';

export const ID = '20261129-120000-abcd';

export interface Lab {
  /** The host's folder. */
  readonly host: string;
  /** What the agent left. */
  readonly upper: string;
  readonly review: Review;
  readonly env: NodeJS.ProcessEnv;
  /** The agent removes what the host has there. */
  whiteout(name: string): void;
  pending(): readonly Change[];
  /** `M a`, `D b/c`: what waits, in order. */
  letters(): string[];
  /** Every file of the host: content, `-> target` or `/`. */
  tree(): Record<string, string>;
}

/** A later time of the kernel's coarse clock than that of anything made before. */
function tick(folder: string): void {
  const mark = path.join(folder, 'tick');
  const before = fs.statSync(folder, { bigint: true }).ctimeNs;
  do fs.writeFileSync(mark, '');
  while (fs.statSync(mark, { bigint: true }).ctimeNs <= before);
  fs.rmSync(mark);
}

function treeOf(folder: string, prefix = ''): Record<string, string> {
  const tree: Record<string, string> = {};
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    const name = `${prefix}${entry.name}`;
    if (entry.isDirectory()) Object.assign(tree, { [`${name}/`]: '' }, treeOf(file, `${name}/`));
    else tree[name] = entry.isSymbolicLink() ? `-> ${fs.readlinkSync(file)}` : fs.readFileSync(file, 'utf8');
  }
  return tree;
}

export function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    fs.mkdirSync(name.endsWith('/') ? file : path.dirname(file), { recursive: true });
    if (!name.endsWith('/')) fs.writeFileSync(file, content);
  }
}

/** `links`: targets by name. */
export function lab(files: Readonly<Record<string, string>>, links: Readonly<Record<string, string>> = {}): Lab {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(tmpdir(), 'leash-review-')));
  onTestFinished(() => {
    // An ordinary user empties only what it may write, and Node only what a path can name.
    execFileSync('chmod', ['-R', 'u+rwX', root]);
    execFileSync('rm', ['-rf', root]);
  });
  const host = path.join(root, 'host');
  fs.mkdirSync(host);
  write(host, files);
  for (const [name, target] of Object.entries(links)) fs.symlinkSync(target, path.join(host, name));
  tick(root);
  const env = { XDG_STATE_HOME: path.join(root, 'state') };
  const review = openReview(env, ID, [{ source: host, isFolder: true }]);
  tick(root);
  const upper = path.join(review.dir, '0', 'upper');
  const pending = (): readonly Change[] => pendingChanges(review, {});
  return {
    host,
    upper,
    review,
    env,
    whiteout: (name) => {
      fs.mkdirSync(path.dirname(path.join(upper, name)), { recursive: true });
      execFileSync('mknod', [path.join(upper, name), 'c', '0', '0']);
    },
    pending,
    letters: () => pending().map((change) => `${letterOf(change)} ${textOf(change.path)}`),
    tree: () => treeOf(host),
  };
}
