// Events in, a list of which only what is seen is drawn out. It follows its end until somebody scrolls up.
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, memo, type ReactNode, useCallback, useLayoutEffect, useRef } from 'react';
import type { EventEntry } from '../../../../src/schema/api.ts';
import { row } from '../../journal/row.ts';
import { Verdict } from '../../parts/verdict.tsx';
import { firstAfter } from './follow.ts';

const ROW = 26;
/** So near to its end, a list is at its end. */
const NEAR = 2 * ROW;

/** The virtualiser looks at every row when their number changes: it is told of so many at once, and not of each frame's. */
const BLOCK = 4_096;

interface EventListProps {
  readonly entries: readonly EventEntry[];
  /** Changes when there are further entries. */
  readonly version: number;
  readonly isFollowing: boolean;
  readonly onFollow: (isFollowing: boolean) => void;
  readonly chosen: number | undefined;
  readonly onChoose: (seq: number) => void;
}

interface LineProps {
  readonly entry: EventEntry;
  readonly isChosen: boolean;
}

/** The end of a path says more than its beginning: that is cut. */
function Name({ text }: { readonly text: string }): ReactNode {
  const end = text.slice(0, -1).lastIndexOf('/') + 1;
  return (
    <span className="live-name">
      <span className="live-cut">{text.slice(0, end)}</span>
      <span className="live-cut live-end">{text.slice(end)}</span>
    </span>
  );
}

const Line = memo(function Line({ entry, isChosen }: LineProps): ReactNode {
  const { time, outcome, who, action, resource, why } = row(entry);
  return (
    <div
      className={isChosen ? 'live-row live-chosen' : 'live-row'}
      title={why === '' ? resource : `${resource}\n${why}`}
    >
      <span className="quiet">{time}</span>
      <Verdict outcome={outcome} />
      <span className="live-cut">{who}</span>
      <span className="live-cut">{action}</span>
      <Name text={resource} />
      <span className="live-cut quiet">{why}</span>
    </div>
  );
});

function stepOf(key: string): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return 1;
    case 'ArrowUp':
      return -1;
    case 'PageDown':
      return 10;
    case 'PageUp':
      return -10;
    case 'Home':
      return Number.NEGATIVE_INFINITY;
    case 'End':
      return Number.POSITIVE_INFINITY;
    default:
      return undefined;
  }
}

/** -1 when it is not among them. */
function placeOf(entries: readonly EventEntry[], chosen: number | undefined): number {
  if (chosen === undefined) return -1;
  const place = firstAfter(entries, chosen - 1);
  return entries[place]?.seq === chosen ? place : -1;
}

export function EventList(props: EventListProps): ReactNode {
  const { entries, version, isFollowing, onFollow, chosen, onChoose } = props;
  const box = useRef<HTMLDivElement>(null);
  const top = useRef(0);
  const virtual = useVirtualizer({
    count: Math.ceil(entries.length / BLOCK) * BLOCK,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 8,
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: the array grows in place, and `version` tells that it did
  useLayoutEffect(() => {
    if (isFollowing && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [isFollowing, version, entries.length]);

  const scrolled = useCallback(() => {
    const element = box.current;
    if (element === null) return;
    const isUp = element.scrollTop < top.current;
    top.current = element.scrollTop;
    const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight <= NEAR;
    if (isAtEnd) onFollow(true);
    else if (isUp) onFollow(false);
  }, [onFollow]);

  const place = placeOf(entries, chosen);

  function pressed(event: KeyboardEvent): void {
    const step = stepOf(event.key);
    if (step === undefined || entries.length === 0) return;
    event.preventDefault();
    const next = Math.min(Math.max((place < 0 ? entries.length : place) + step, 0), entries.length - 1);
    const entry = entries[next];
    if (entry === undefined) return;
    onFollow(next === entries.length - 1);
    onChoose(entry.seq);
    virtual.scrollToIndex(next);
  }

  return (
    <div
      ref={box}
      className="live-list"
      role="listbox"
      tabIndex={0}
      aria-label="Events, newest last"
      aria-activedescendant={place < 0 ? undefined : `event-${chosen}`}
      onScroll={scrolled}
      onKeyDown={pressed}
    >
      <div role="presentation" className="live-extent" style={{ height: entries.length * ROW }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const entry = entries[index];
          if (entry === undefined) return null;
          const isChosen = entry.seq === chosen;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys, as a listbox does
            <div
              key={entry.seq}
              id={`event-${entry.seq}`}
              role="option"
              tabIndex={-1}
              aria-selected={isChosen}
              aria-setsize={entries.length}
              aria-posinset={index + 1}
              className="live-place"
              style={{ transform: `translateY(${start}px)` }}
              onClick={() => {
                onFollow(false);
                onChoose(entry.seq);
              }}
            >
              <Line entry={entry} isChosen={isChosen} />
            </div>
          );
        })}
      </div>
    </div>
  );
}
