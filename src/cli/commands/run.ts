// What to run in, the agent's exit status out, with three lines about what happened.
import { readFileSync } from 'node:fs';
import os from 'node:os';
import { isatty } from 'node:tty';
import type { JournalSettings } from '../../config/config.ts';
import { findProgram, outsideEnv } from '../../host/doctor/find-program.ts';
import { requireHost } from '../../host/doctor/require-host.ts';
import { EXIT, LeashError } from '../../host/errors.ts';
import { certificatesIn } from '../../host/roots.ts';
import type { Override } from '../../proxy/options.ts';
import { chooseBackend } from '../../sandbox/backend.ts';
import { engineHost, findEngine } from '../../sandbox/container/engine.ts';
import { checkReference, DEFAULT_IMAGE, inspectImage } from '../../sandbox/container/image.ts';
import type { ContainerOptions, Detached, SessionOptions, SessionResult } from '../../session/options.ts';
import { repositoryPolicy } from '../../session/repository-policy.ts';
import { runSession } from '../../session/session.ts';
import { agentSession } from '../agent-session.ts';
import { asking } from '../asking.ts';
import { control } from '../control/control.ts';
import { configuredVolumes, sessionVolumes } from '../mount-prompt/volumes.ts';
import type { RunArgs } from '../run-args.ts';
import type { Settled } from '../settle.ts';
import { locatedVolume } from '../volume-place.ts';
import { webhookSettings } from '../webhook-settings.ts';

const STDIN = 0;
const STDOUT = 1;

function extraEnv(args: RunArgs): Record<string, string> {
  const extra: Record<string, string> = {};
  for (const { name, value } of args.env) {
    const resolved = value ?? process.env[name];
    if (resolved !== undefined) extra[name] = resolved;
  }
  return extra;
}

function overrides(args: RunArgs): Map<string, Override> {
  return new Map(
    args.resolve.map((rule) => [
      rule.port === undefined ? rule.host : `${rule.host}:${rule.port}`,
      { address: rule.address, ...(rule.addressPort !== undefined && { port: rule.addressPort }) },
    ]),
  );
}

function certificates(args: RunArgs): string[] {
  return args.ca.flatMap((file) => {
    let text: string;
    try {
      text = readFileSync(file, 'latin1');
    } catch (cause) {
      throw new LeashError('LEASH_USAGE', `--ca: ${file} cannot be read`, { cause });
    }
    const found = certificatesIn(text);
    if (found.length === 0) throw new LeashError('LEASH_USAGE', `--ca: ${file} holds no certificate in PEM form`);
    return found;
  });
}

/** Digits in groups of three. `toLocaleString` would load ICU data: 12 ms at each start. */
function grouped(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}

function count(n: number, word: string): string {
  return `${grouped(n)} ${word}${n === 1 ? '' : 's'}`;
}

function summary(result: SessionResult): string[] {
  return [
    `${count(result.allowed, 'operation')} allowed, ${grouped(result.denied)} denied, by policy ${result.policy}`,
    `what was denied and why:  leash events --session ${result.id} --denied`,
    `everything it did:        leash events --session ${result.id}`,
  ];
}

/** Seconds. Where neither a terminal nor a webhook shows the question, nobody would know of it. */
const ASK_TIMEOUT = 120;

/** Milliseconds. */
function patience({ askTimeout, isInteractive }: RunArgs, hasWebhook: boolean): number {
  const isShown = hasWebhook || (process.stderr.isTTY && isInteractive);
  return (askTimeout ?? (isShown ? ASK_TIMEOUT : 0)) * 1000;
}

/** Nothing when the agent runs in bubblewrap. @throws {LeashError} LEASH_USAGE, LEASH_BACKEND, LEASH_IMAGE */
function containerOf(
  { backend, image, isReadOnly }: RunArgs,
  { effective, workspace }: Settled,
): ContainerOptions | undefined {
  const { env } = process;
  const chosen = chooseBackend(backend, env, workspace);
  if (chosen === 'bubblewrap') {
    // Of a configuration it is the image for when there are containers.
    if (effective.options.get('image')?.from !== '--image') return undefined;
    throw new LeashError('LEASH_USAGE', '--image is for containers; add `--backend podman` or `--backend docker`');
  }
  const engine = findEngine(chosen, engineHost(env, workspace));
  const imageName = checkReference(image ?? DEFAULT_IMAGE);
  const inspected = inspectImage(engine, imageName);
  // Whoever needs it is told; another reason not to start may come first.
  inspected.catch(() => undefined);
  return {
    engine,
    imageName,
    image: inspected,
    hasTerminal: isatty(STDIN) && isatty(STDOUT),
    isReadOnly,
  };
}

/** Runs a session, and says how it ended. `tidy`: once it has. @throws {LeashError} when it cannot start, or did not end by the agent's own exit */
export async function conclude(options: SessionOptions, tidy?: () => Promise<void>): Promise<number> {
  const result = await runSession(options);
  await tidy?.();
  // Before there was an agent, what came of it is why.
  if (result.failure) process.stderr.write(result.written);
  for (const line of result.notes) options.say(line);
  if (result.failure) throw result.failure;
  for (const line of summary(result)) options.say(line);
  if (result.pending) await (await import('../review/at-end.ts')).offerReview(result.id, result.pending, options.say);
  return result.status;
}

/** Deletes what `[journal]` says is kept no longer. */
async function keepLess(journal: JournalSettings, say: (line: string) => void): Promise<void> {
  if (journal.keepFor === undefined && journal.keepSize === undefined) return;
  (await import('../retention.ts')).deleteExpired(journal, say);
}

/** @throws {LeashError} when the session cannot start, or did not end by the agent's own exit */
export async function run(args: RunArgs, settled: Settled, detached?: Detached): Promise<number> {
  const container = containerOf(args, settled);
  const isElsewhere = container?.engine.isElsewhere === true;
  if (!isElsewhere)
    requireHost(process.env, process.platform, os.release(), container === undefined, settled.workspace);
  const say = (line: string): void => {
    if (!args.quiet) process.stderr.write(`leash: ${line}\n`);
  };
  for (const note of settled.notes) say(note);
  const { workspace, home, config } = settled;
  const own = outsideEnv(process.env, workspace);
  const passed = { ...settled.envvars, ...extraEnv(args) };
  const place = { surroundings: { env: process.env, home, workspace }, isContained: container !== undefined };
  const chosen = await agentSession(args, place, config, passed, say);
  const volumes = isElsewhere
    ? configuredVolumes(settled, say)
    : await sessionVolumes(settled, chosen.agent?.agent, say);
  if (volumes === undefined) return EXIT.interrupted;
  const webhook = isElsewhere ? undefined : webhookSettings(config, process.env);
  if (isElsewhere && config?.approvals.webhook !== undefined)
    say('questions of an agent on another machine are not sent to the webhook; answer them here');
  const timeout = patience(args, webhook !== undefined);
  const options: SessionOptions = {
    ...chosen,
    workspace,
    isReviewed: args.review,
    repository: repositoryPolicy(workspace, chosen.policyFile),
    mode: args.mode,
    tls: args.tls,
    env: process.env,
    config,
    volumes: [...volumes, ...args.volumes.map(locatedVolume)],
    resolve: overrides(args),
    ca: certificates(args),
    ...(container !== undefined && { container }),
    bubblewrap: findProgram('bwrap', own, workspace) ?? 'bwrap',
    limits: args.limits,
    ...(args.publish !== undefined && { publish: args.publish }),
    isOffline: args.isOffline,
    recordsBodies: args.recordsBodies,
    isVerbose: args.verbose,
    say,
    asking: asking({ timeout, isQuiet: args.quiet, webhook }),
    openGate: async (dir, stage) => (await import('../../api/gate.ts')).openGate(dir, stage),
    ...(detached && { detached }),
    ...(args.listen !== undefined && { control: control(args.listen, { env: own, opens: args.opens, say }) }),
  };
  const tidy = async (): Promise<void> => {
    if (config !== undefined) await keepLess(config.journal, say);
  };
  if (container !== undefined && isElsewhere) {
    const { launch } = await import('../remote/launch.ts');
    const status = await launch({ session: { ...options, container }, askTimeout: timeout, quiet: args.quiet });
    await tidy();
    return status;
  }
  return conclude(options, tidy);
}
