// The command line that the demo gives to leash.
import { expect, test } from 'vitest';
import { DEMO_POLICY, leashArguments, runLeash } from '../../../../src/cli/demo/launch.ts';
import type { Project } from '../../../../src/cli/demo/project.ts';

const project: Project = {
  workspace: '/w',
  mcpConfig: '/w/mcp.json',
  builtInAgent: '',
  caFile: '/ca.pem',
  outsideFile: '/o',
  remove: () => {},
};
const agent = { title: 'an agent', command: ['/store/agent'], environment: { QUIET: '1' } };

test('the official name of the API leads to the model on loopback, and no real key is passed on', () => {
  const words = leashArguments(agent, project, 4242);
  const after = (option: string): string | undefined => words[words.indexOf(option) + 1];
  expect(after('--policy')).toBe(DEMO_POLICY);
  expect(after('--workspace')).toBe('/w');
  expect(after('--resolve')).toBe('api.anthropic.com:443:127.0.0.1:4242');
  expect(after('--ca')).toBe('/ca.pem');
  expect(words).toContain('QUIET=1');
  expect(words.filter((word) => word.startsWith('ANTHROPIC_API_KEY='))).toEqual([
    'ANTHROPIC_API_KEY=sk-scripted-model-accepts-any',
  ]);
  expect(after('--')).toBe('/store/agent');
});

test("a run ends with leash's own exit status, and gives its output line by line", async () => {
  const lines: string[] = [];
  const { pid, status } = await runLeash(['version'], (line) => lines.push(line));
  expect(status).toBe(0);
  expect(pid).toBeGreaterThan(0);
  expect(lines).toHaveLength(1);
  const failed = await runLeash(['sessions', '--no-such-option'], () => {});
  expect(failed.status).toBe(2);
});
