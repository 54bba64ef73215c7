// What the commands of `leash mcp` have in common, as data.
import type { FlagOption, Positional } from '../../command.ts';

export const SESSION: Positional = {
  name: 'session',
  summary: 'An id, the beginning or end of one, or `latest`, the default',
  required: false,
};

export const JSON_LINES: FlagOption = { kind: 'flag', name: 'json', summary: 'One JSON object a line' };
