// A session's processes in; a tree of them, each with its counts, and what the chosen one used, out.
import { useQuery } from '@tanstack/react-query';
import { memo, type ReactNode, useEffect, useState } from 'react';
import { client } from '../../app/client.ts';
import { Failure } from '../../parts/failure.tsx';
import { printable } from '../../parts/printable.ts';
import { joined, type TreeRow, treeOf } from './process-tree.ts';
import { type Used, type UseKind, usedBy } from './process-use.ts';
import type { Live } from './use-live.ts';

/** The hub reads the whole journal to answer: seldom. The feed tells of what is newer. */
const ASK_AGAIN = 15_000;
/** The hub has not looked at all events yet. */
const ASK_ON = 200;
const SHOWN = 500;
const KINDS: readonly UseKind[] = ['files', 'hosts', 'calls'];

/** A count that changes once a second, for what need not be drawn every frame. */
export function useSecond(): number {
  const [second, setSecond] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSecond((before) => before + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return second;
}

function nameOf({ process: { exe, argv } }: TreeRow): string {
  const name = exe.slice(exe.lastIndexOf('/') + 1) || '?';
  return printable([name, ...(argv ?? []).slice(1)].join(' ').slice(0, 200));
}

interface TreeProps {
  readonly rows: readonly TreeRow[];
  readonly chosen: number | undefined;
  readonly change: Live['change'];
}

interface ProcessProps {
  readonly row: TreeRow;
  readonly isChosen: boolean;
  readonly change: Live['change'];
}

function Process({ row, isChosen, change }: ProcessProps): ReactNode {
  const { pid, exe, via, events, denied } = row.process;
  return (
    <li style={{ paddingInlineStart: `${Math.min(row.depth, 12) * 0.8}rem` }}>
      <button
        type="button"
        className="live-process"
        aria-pressed={isChosen}
        title={printable(exe)}
        onClick={() => change({ pid: isChosen ? undefined : pid })}
      >
        <span className="quiet">{pid}</span>
        <span className="live-cut">{nameOf(row)}</span>
        {via !== undefined && <span className="quiet live-cut">via {printable(via)}</span>}
        <span className="quiet">
          {events.toLocaleString()}
          <span className="hidden"> events</span>
        </span>
        {denied > 0 && (
          <span className="bad">
            ✗{denied.toLocaleString()}
            <span className="hidden"> denied</span>
          </span>
        )}
      </button>
    </li>
  );
}

/** Drawn when it is made anew, and not in each frame. */
const Tree = memo(function Tree({ rows, chosen, change }: TreeProps): ReactNode {
  return (
    <ul className="live-tree">
      {rows.map((row) => (
        <Process key={row.process.pid} row={row} isChosen={row.process.pid === chosen} change={change} />
      ))}
    </ul>
  );
});

function Uses({ kind, used, live }: { readonly kind: UseKind; readonly used: readonly Used[]; readonly live: Live }) {
  if (used.length === 0) return null;
  return (
    <details open>
      <summary>
        {kind} <span className="quiet">{used.length}</span>
      </summary>
      <ul className="live-uses">
        {used.map(({ name, events, denied }) => (
          <li key={name}>
            <button type="button" className="live-process" onClick={() => live.change({ text: name })}>
              <span className="live-cut">{printable(name)}</span>
              <span className="quiet">{events.toLocaleString()}</span>
              {denied > 0 && <span className="bad">✗{denied.toLocaleString()}</span>}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

export function Processes({ live }: { readonly live: Live }): ReactNode {
  const { session, digest, search, feed, change } = live;
  const { data, error } = useQuery({
    queryKey: ['processes', session],
    queryFn: () => client.processes(session),
    // The events come first.
    enabled: feed.connection !== 'connecting',
    refetchInterval: ({ state }) => {
      if (state.data?.isReading) return ASK_ON;
      return feed.connection === 'over' ? false : ASK_AGAIN;
    },
  });
  const second = useSecond();
  const [tree, setTree] = useState<{ readonly rows: readonly TreeRow[]; readonly more: number }>({ rows: [], more: 0 });
  const [use, setUse] = useState<ReturnType<typeof usedBy>>();
  const { pid } = search;
  const isConnected = feed.connection !== 'connecting';
  const { entries } = feed;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the feed grows every frame; the tree is made once a second
  useEffect(() => {
    const known = [...digest.processes.values()].map((process) => ({ ...process }));
    const whole = treeOf(joined(data?.processes ?? [], known));
    setTree({ rows: whole.slice(0, SHOWN), more: Math.max(0, whole.length - SHOWN) });
    setUse(pid === undefined ? undefined : usedBy(entries, pid));
  }, [second, data, pid, digest, isConnected]);
  return (
    <section className="live-processes" aria-label="Processes">
      <h2>Processes</h2>
      {error && <Failure error={error} />}
      {use && (
        <section aria-label={`What process ${pid} used`}>
          {KINDS.map((kind) => (
            <Uses key={kind} kind={kind} used={use.kinds[kind]} live={live} />
          ))}
        </section>
      )}
      <Tree rows={tree.rows} chosen={pid} change={change} />
      {(tree.more > 0 || data?.isCut) && (
        <p className="quiet">
          {tree.more > 0 ? `${tree.more.toLocaleString()} more processes` : 'Not all processes are here'}
          {' — search by their program'}
        </p>
      )}
    </section>
  );
}
