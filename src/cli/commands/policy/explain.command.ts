// `leash policy explain`, as data.
import type { Command } from '../../command.ts';
import { JSON_OPTION, POLICY_EXITS, policyExitCodes } from '../../policy/exits.ts';
import { AGENT_OPTION, WORKSPACE_OPTION } from '../../policy/facts.ts';
import { REQUEST_VALUE_OPTIONS } from '../../policy/request-options.ts';

export const explainCommand: Command = {
  name: 'policy explain',
  summary: 'Say what a policy decides about a request, and why',
  description: [
    'Takes a request, or an event of a session, and says in English whether it is allowed, which statements determine that and where they stand. When nothing permits it: the permits that come nearest, and which of their conditions fails, with the values it saw. Further: runtime errors, what shadow policies would change, and which part of Leash decides.',
    'A resource is a path or a host, plain or as Cedar writes it: `/etc/hosts`, `@workspace/src/`, `File::"/etc/hosts"`, `github.com:22`. A path that ends with a slash is a directory. A relative path is one in the workspace.',
    'An event is named by its session and its number, `k3f9:42`; `leash events --json` prints both. It is explained under the policy that was in force.',
    'With `--json`: `{"request": {"action", "resource", …}, "effect", "shadow"?, "decidedBy": "table" | "manager" | "proxy", "determining": [statement], "nearest": [statement], "shadowPolicies": [statement], "errors": [statement], "event"?: {"session", "seq", "effect", "policies", "epoch"}}`; a statement is `{"id", "effect", "source", "line", "column", "reason"?, "text", "failed"?: {"part", "expression", "facts": [{"expression", "value"}]}}`.',
  ],
  usage: [
    'leash policy explain [options] <action> <resource>',
    'leash policy explain [options] --event <session>:<number>',
  ],
  positionals: [
    { name: 'action', summary: 'Cedar action of the request, such as FileWrite', required: false },
    { name: 'resource', summary: 'Path, host, or host:port', required: false },
  ],
  options: [
    {
      kind: 'value',
      name: 'policy',
      value: 'FILE',
      fallback: 'the default profile',
      summary: 'Policy that decides: a file, a profile, or - for standard input',
    },
    { kind: 'value', name: 'event', value: 'SESSION:NUMBER', summary: 'Explain an event instead of a request' },
    ...REQUEST_VALUE_OPTIONS,
    WORKSPACE_OPTION,
    AGENT_OPTION,
    JSON_OPTION,
  ],
  examples: [
    { command: 'leash policy explain FileWrite @workspace/.git/config', effect: 'why the default profile refuses it' },
    {
      command: 'leash policy explain --policy team.cedar NetConnect db.internal:5432 --exe /usr/bin/psql',
      effect: 'what your policy says about one program and port',
    },
    {
      command: 'leash policy explain FileWrite notes.md --via mcp:files',
      effect: 'the same for a program of an MCP server of the agent',
    },
    {
      command: 'leash policy explain --event latest:42',
      effect: 'why event 42 of the last session was decided as it was',
    },
  ],
  exitCodes: policyExitCodes(
    'The request is explained, whether it is allowed or denied',
    'There is no such session or event, or its journal cannot be trusted',
    'The policy cannot be read or has faults',
  ),
  ...POLICY_EXITS,
  load: async () => (await import('./explain.ts')).explain,
};
