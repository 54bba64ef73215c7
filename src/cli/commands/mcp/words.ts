// What the commands of `leash mcp` have in common, as data.
import { EXIT } from '../../../host/errors.ts';
import type { ExitCode, FlagOption, Positional } from '../../command.ts';

export const SESSION: Positional = {
  name: 'session',
  summary: 'An id, the beginning or end of one, or `latest`, the default',
  required: false,
};

export const JSON_LINES: FlagOption = { kind: 'flag', name: 'json', summary: 'One JSON object a line' };

export function exitCodes(done: string, failed: string): readonly ExitCode[] {
  return [
    { status: String(EXIT.ok), meaning: done },
    { status: String(EXIT.failed), meaning: failed },
    { status: String(EXIT.usage), meaning: 'The command line is not understood' },
  ];
}
