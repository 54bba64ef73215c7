// A session's id in, its feed out: one a session, however many screens look at it.
import { useSyncExternalStore } from 'react';
import { client } from '../app/client.ts';
import { EventFeed, type FeedState } from './feed.ts';
import { PAGE } from './history.ts';
import { paced } from './pace.ts';
import { restUnlessSeen } from './rest.ts';
import { sharedSource } from './shared-source.ts';
import { takePlace } from './stream-place.ts';

/** Of the events that are there already: more take longer than a person waits. */
const SHOWN_AT_FIRST = 3_000;

const draw = paced({
  now: () => performance.now(),
  frame: (run) => void requestAnimationFrame(run),
  after: (run) => void setTimeout(run),
});

const feeds = new Map<string, EventFeed>();

function feedOf(session: string): EventFeed {
  const known = feeds.get(session);
  if (known !== undefined) return known;
  const made = new EventFeed(
    sharedSource({
      stream: (after, signal) => client.stream(session, { after, ...(after < 0 && { first: SHOWN_AT_FIRST }) }, signal),
      page: (after) => client.events(session, { after, limit: PAGE }),
      take: () => takePlace('events', navigator.locks),
      rest: restUnlessSeen,
    }),
    // A hidden tab has no frames, and its feed must not stand still.
    (run) => (document.hidden ? setTimeout(run, 250) : draw(run)),
  );
  feeds.set(session, made);
  return made;
}

export function useFeed(session: string): FeedState {
  const feed = feedOf(session);
  return useSyncExternalStore(feed.subscribe, feed.state);
}
