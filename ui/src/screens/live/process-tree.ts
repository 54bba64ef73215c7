// Processes in any order, from the hub and from the feed, in; one list, parents before children, with the depth of each, out.
import type { ProcessView } from '../../../../src/schema/api.ts';

export interface TreeRow {
  readonly process: ProcessView;
  /** 0 for a process whose parent is not known. */
  readonly depth: number;
}

/** Of two counts of one process the later is the greater; the feed may begin late, the hub's answer may be old. */
export function joined(listed: readonly ProcessView[], seen: Iterable<ProcessView>): readonly ProcessView[] {
  const all = new Map(listed.map((process) => [process.pid, process]));
  for (const process of seen) {
    const known = all.get(process.pid);
    if (known === undefined || known.events < process.events) all.set(process.pid, process);
  }
  return [...all.values()];
}

export function treeOf(processes: readonly ProcessView[]): readonly TreeRow[] {
  const known = new Set(processes.map(({ pid }) => pid));
  const children = new Map<number, ProcessView[]>();
  const roots: ProcessView[] = [];
  for (const process of [...processes].sort((one, other) => one.first - other.first || one.pid - other.pid)) {
    const siblings = known.has(process.parent) && process.parent !== process.pid ? children.get(process.parent) : roots;
    if (siblings === undefined) children.set(process.parent, [process]);
    else siblings.push(process);
  }
  const rows: TreeRow[] = [];
  const placed = new Set<number>();
  const place = (first: ProcessView): void => {
    const waiting: TreeRow[] = [{ process: first, depth: 0 }];
    for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
      const { process, depth } = row;
      if (placed.has(process.pid)) continue;
      placed.add(process.pid);
      rows.push(row);
      const own = children.get(process.pid) ?? [];
      for (const child of own.toReversed()) waiting.push({ process: child, depth: depth + 1 });
    }
  };
  for (const root of roots) place(root);
  // A number that was used again can make a ring, which has no root.
  for (const process of processes) place(process);
  return rows;
}
