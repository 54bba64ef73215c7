// What commands on the changes of a reviewed session take, as data.
import type { Positional, ValueOption } from '../command.ts';

export const PATHS: Positional = {
  name: 'path',
  summary:
    'A file, or a folder with all in it, as named on the host or from the workspace; an id of a session before them all is that session',
  required: false,
  repeatable: true,
};

export const REVIEWED: ValueOption = {
  kind: 'value',
  name: 'session',
  short: 's',
  value: 'ID',
  fallback: 'the newest with changes that wait',
  summary: 'Session whose changes are meant: an id, the beginning or end of one, or `latest`',
};
