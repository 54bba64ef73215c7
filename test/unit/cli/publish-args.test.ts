import { expect, test } from 'vitest';
import { runCommand } from '../../../src/cli/commands/run.command.ts';
import { parse } from '../../../src/cli/parse.ts';
import { publishOptions } from '../../../src/cli/publish-args.ts';

const options = (...words: string[]): unknown => publishOptions(parse(runCommand, words));

test('nothing, ports, and all', () => {
  expect(options('x', '-p', '3000')).toBeUndefined();
  expect(options('-p', '3000', '--publish=8000:80', 'x')).toEqual({
    specs: [
      { address: '127.0.0.1', hostPort: undefined, port: 3000 },
      { address: '127.0.0.1', hostPort: 8000, port: 80 },
    ],
    all: false,
  });
  expect(options('-P', 'x')).toEqual({ specs: [], all: true });
});
