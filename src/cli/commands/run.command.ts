// The default command, as data.
import { EXIT } from '../../host/errors.ts';
import { BACKENDS } from '../../schema/backend.ts';
import { MODES, TLS_MODES } from '../../schema/verdict.ts';
import type { Command } from '../command.ts';
import { settle } from '../settle.ts';
import { run } from './run.ts';

export const runCommand: Command = {
  name: 'run',
  summary: 'Run an agent in a sandbox, under a policy',
  description: [
    'Starts the command in a sandbox, decides each file, process and network action by Cedar policy, and records it. `run` is the default: a first word that is not a command of Leash is the command to run, and after `--` every word is.',
    'A command that is the name of an agent (`leash agents` lists them) runs what is installed on this machine outside the workspace, else a pinned version from Leash’s own store, installed there when it is missing; in a container always the latter.',
    'The first word that is not an option ends the options of Leash; everything after it belongs to the command.',
    'Nothing is started when the policy or this machine does not allow complete mediation.',
  ],
  usage: ['leash [options] [--] <command> [argument…]', 'leash run [options] [--] <command> [argument…]'],
  positionals: [{ name: 'command', summary: 'The agent and its arguments', required: true, rest: true }],
  options: [
    {
      kind: 'value',
      name: 'policy',
      variables: ['LEASH_POLICY', 'LEASH_POLICY_FILE'],
      value: 'LIST',
      fallback: 'the profile of the agent, else `coder`',
      summary:
        'Profiles that decide, and at most one Cedar file, separated by commas; a forbid of any outweighs the rest',
    },
    {
      kind: 'value',
      name: 'mode',
      variables: ['LEASH_MODE'],
      value: 'MODE',
      choices: MODES,
      fallback: 'enforce',
      summary:
        '`enforce` stops what is denied; `shadow` records it and lets it pass; `record` the same, to learn a policy from',
    },
    {
      kind: 'value',
      name: 'tls',
      variables: ['LEASH_TLS'],
      value: 'MODE',
      choices: TLS_MODES,
      fallback: 'inspect',
      summary:
        '`inspect` opens TLS, so that each request is judged and recorded; `splice` relays it unopened, with the server’s own certificate, to hosts where the policy permits every request',
    },
    {
      kind: 'value',
      name: 'workspace',
      variables: ['LEASH_WORKSPACE'],
      short: 'C',
      value: 'DIR',
      fallback: 'the current directory',
      summary: 'Directory the agent works in',
    },
    {
      kind: 'flag',
      name: 'review',
      summary:
        'Keep every change in the workspace aside; when the agent ends you accept all, some or none. See `leash diff`, `leash accept`, `leash discard`',
    },
    {
      kind: 'value',
      name: 'volume',
      short: 'v',
      value: 'SOURCE[:PLACE][:ACCESS]',
      repeatable: true,
      summary:
        'Show the agent a further file or folder, there or at PLACE: to read (`:ro`), to change (`:rw`, the default), or with its changes kept aside for your review (`:review`)',
    },
    {
      kind: 'value',
      name: 'env',
      short: 'e',
      value: 'NAME[=VALUE]',
      repeatable: true,
      summary: 'Set a variable for the agent; without a value, pass on the one of that name',
    },
    {
      kind: 'value',
      name: 'env-file',
      value: 'FILE',
      repeatable: true,
      summary:
        'Set the variables of this file for the agent: a NAME=VALUE a line, or a NAME to pass on; # begins a comment. A later file outweighs an earlier one, and --env outweighs all',
    },
    {
      kind: 'value',
      name: 'resolve',
      value: 'HOST[:PORT]:ADDRESS[:PORT]',
      repeatable: true,
      summary: 'Reach HOST at ADDRESS, as with curl; an IPv6 address stands in brackets',
    },
    {
      kind: 'value',
      name: 'ca',
      variables: ['LEASH_CA'],
      value: 'FILE',
      repeatable: true,
      summary: 'Trust the certificates in this PEM file, too, when connecting to servers',
    },
    {
      kind: 'value',
      name: 'publish',
      short: 'p',
      value: '[[ADDRESS:][HOSTPORT]:]PORT',
      repeatable: true,
      summary:
        'Let programs of this machine connect to a TCP port inside, at 127.0.0.1 unless an address is written; without HOSTPORT at the same number, or the next that is free',
    },
    {
      kind: 'flag',
      name: 'publish-all',
      short: 'P',
      summary:
        'The same for every port that a program inside listens on, as it appears, at numbers that the kernel chooses',
    },
    {
      kind: 'flag',
      name: 'no-network',
      summary:
        'Nothing leaves, in any mode: no name is resolved and no connection made. Adds the profile `no-network`; loopback inside works',
    },
    {
      kind: 'value',
      name: 'backend',
      variables: ['LEASH_BACKEND'],
      value: 'NAME',
      choices: BACKENDS,
      fallback: 'the first that is installed',
      summary: 'Where the agent runs: `bubblewrap` shows it this machine’s programs, `podman` and `docker` an image’s',
    },
    {
      kind: 'value',
      name: 'image',
      variables: ['LEASH_IMAGE', 'LEASH_TARGET_IMAGE'],
      value: 'NAME',
      fallback: 'the one of `Containerfile.coder`',
      summary: 'The image of a container; the engine must have it already',
    },
    {
      kind: 'flag',
      name: 'read-only',
      variables: ['LEASH_READ_ONLY'],
      summary:
        'The image cannot be written to: only the workspace, volumes, and the private home, /tmp, /var/tmp and /run, which are gone at the end. In bubblewrap this machine’s own system never can',
    },
    {
      kind: 'value',
      name: 'memory',
      variables: ['LEASH_MEMORY'],
      value: 'SIZE',
      fallback: 'three quarters of the machine’s, where a cgroup can hold it',
      summary: 'Most memory of the agent and all it starts: bytes, or a number with K, M, G or T',
    },
    {
      kind: 'value',
      name: 'cpus',
      variables: ['LEASH_CPUS'],
      value: 'NUMBER',
      fallback: 'no limit',
      summary: 'Most processor time: `1.5` is one and a half processors',
    },
    {
      kind: 'value',
      name: 'pids',
      variables: ['LEASH_PIDS'],
      value: 'NUMBER',
      fallback: '4096, or half of what you may start',
      summary: 'Most processes and threads at a time',
    },
    {
      kind: 'value',
      name: 'ask-timeout',
      variables: ['LEASH_ASK_TIMEOUT'],
      value: 'SECONDS',
      fallback: '120 on a terminal, else 0',
      summary: 'How long a question of an `@ask` policy waits for a person before it is refused; 0 refuses at once',
    },
    {
      kind: 'flag',
      name: 'record-bodies',
      variables: ['LEASH_RECORD_BODIES'],
      summary:
        'Keep what is sent and answered in inspected HTTP, as far as it is text, beside the journal; credentials are taken out. See it with `leash bodies`',
    },
    {
      kind: 'flag',
      name: 'plain-secrets',
      summary:
        'Give the agent the keys and the login of its model themselves, which it may then send wherever it may connect; recorded with the session',
    },
    {
      kind: 'value',
      name: 'listen',
      short: 'l',
      variables: ['LEASH_LISTEN'],
      value: '[HOST:]PORT',
      mayBeBlank: true,
      fallback: '127.0.0.1:18080',
      summary:
        'Loopback address of the control API, one for all your sessions: the first one serves it, another takes over when it ends; blank for none',
    },
    {
      kind: 'flag',
      name: 'open',
      short: 'o',
      variables: ['LEASH_OPEN'],
      summary: 'Open the control page of the session in a browser; where there is none, print its address',
    },
    {
      kind: 'flag',
      name: 'detach',
      short: 'd',
      summary: 'Leave the agent running on a terminal of its own, and print the id of its session; see `leash attach`',
    },
    {
      kind: 'flag',
      name: 'no-interactive',
      short: 'I',
      variables: ['LEASH_NO_INTERACTIVE'],
      summary: 'Ask nothing at the start, and refuse what `@ask` policies ask unless --ask-timeout is given',
    },
    { kind: 'flag', name: 'quiet', short: 'q', variables: ['LEASH_QUIET'], summary: 'Say nothing but errors' },
    {
      kind: 'flag',
      name: 'verbose',
      short: 'V',
      variables: ['LEASH_VERBOSE'],
      summary: 'Say more about what is set up',
    },
    { kind: 'flag', name: 'version', summary: 'Print the version' },
  ],
  examples: [
    { command: 'leash claude', effect: 'run Claude Code in the current directory under its own profile' },
    { command: 'leash --policy team.cedar -- codex exec "fix the tests"', effect: 'run Codex under your own policy' },
    {
      command: 'leash --policy node,no-secrets claude',
      effect: 'permit your npm registry, forbid keys and `.env` files',
    },
    { command: 'leash -p 3000 claude', effect: 'open the server that the agent starts on port 3000 in your browser' },
    { command: 'leash --no-network -- make test', effect: 'run without any network' },
    { command: 'leash --review claude', effect: 'let it work, then look at what it changed before any of it is real' },
    { command: 'leash --mode shadow npm test', effect: 'see what would be denied, without denying it' },
    { command: 'leash -d claude', effect: 'leave Claude Code running; come back to it with `leash attach`' },
    {
      command: 'leash -e DATABASE_URL -C ~/project claude',
      effect: 'pass a variable on and work in another directory',
    },
  ],
  exitCodes: [
    { status: 'that of the command', meaning: 'The command ran; 128 + n when signal n ended it' },
    {
      status: String(EXIT.leash),
      meaning: 'Leash could not start, or stopped the agent because it could no longer mediate',
    },
    { status: String(EXIT.cannotExecute), meaning: 'The command cannot be executed, or the policy forbids it' },
    { status: String(EXIT.notFound), meaning: 'There is no such command' },
  ],
  usageExit: EXIT.leash,
  load: async () => async (invocation) => {
    if (invocation.flags.has('version')) return (await import('./version.ts')).showVersion();
    const settled = await settle(runCommand.options, invocation);
    if (settled.args.isDetached) return (await import('../detached/detach.ts')).detach(settled.args);
    return run(settled.args, settled);
  },
};
