// One run of one agent: options in, the agent's exit status and the session's totals out.
import fs from 'node:fs';
import path from 'node:path';
import { FIRST_DATA_DESCRIPTOR, Warden } from '../engine/warden.ts';
import { LeashError } from '../host/errors.ts';
import { nativePath, sessionsDir, stateDir } from '../host/paths.ts';
import { certificatesIn, userRoots } from '../host/roots.ts';
import { Said } from '../journal/said.ts';
import { newSessionId } from '../journal/session-id.ts';
import { mentionedRoles } from '../policy/facts.ts';
import { createSessionCa, type SessionCa } from '../proxy/tls/session-ca.ts';
import { agentCredentials, placeOf } from '../sandbox/agents/kept.ts';
import { AGENT_KEYS } from '../sandbox/agents/providers.ts';
import { bubblewrapPlan } from '../sandbox/bubblewrap.ts';
import { OWN_FOLDER } from '../sandbox/own-folder.ts';
import type { SandboxPlan } from '../sandbox/plan.ts';
import { BUNDLE } from '../sandbox/trust.ts';
import { Denials } from './denials.ts';
import { type Governor, govern } from './governor.ts';
import { type LimitMet, SessionLimits } from './limits.ts';
import { agentOf, homeOf, type SessionOptions, type SessionResult } from './options.ts';
import { agentStore, hiddenFolders, holdOwnFolders } from './own-folders.ts';
import { readPolicy } from './policy-file.ts';
import type { PublishedPorts } from './ports/published-ports.ts';
import { Programs } from './programs.ts';
import { credentialsIn, withoutCredentials } from './redact.ts';
import { TELLS_NOTHING, type Told } from './registries/told.ts';
import type { Reviewed } from './reviewed.ts';
import type { SessionSecrets } from './secrets/session-secrets.ts';
import { forwardSignals } from './signals.ts';
import { checkedVolumes, sandboxVolumes } from './volumes.ts';

/** What package managers inside are told about the user's registries, if the policy speaks of any. The default profiles do not. */
async function toldRegistries(options: SessionOptions): Promise<Told> {
  const { profiles = [], policyFile: file } = options;
  if (profiles.length === 0 && file === undefined) return TELLS_NOTHING;
  const { text } = readPolicy({ profiles, file, agent: agentOf(options) });
  if (mentionedRoles(text).length === 0) return TELLS_NOTHING;
  return (await (await import('./registries/for-session.ts')).registriesOf(text, options)).told;
}

async function sandboxPlan(
  options: SessionOptions,
  ca: SessionCa,
  told: Told,
  limits: SessionLimits,
  denials: string,
  secrets: SessionSecrets | undefined,
  volumes: ReturnType<typeof sandboxVolumes>,
): Promise<SandboxPlan> {
  const { env, container } = options;
  holdOwnFolders(options.workspace, env);
  const user = userRoots(env, options.workspace);
  for (const note of user.notes) options.say(note);
  const request = {
    workspace: options.workspace,
    ...volumes,
    home: homeOf(options),
    command: options.command,
    env: secrets?.cleaned(env) ?? env,
    extraEnv: { ...trustOf(options), ...told.env, ...secrets?.variables(env), ...options.extraEnv },
    files: told.files,
    copies: secrets?.copies ?? {},
    ca,
    roots: [...options.ca.flatMap(certificatesIn), ...user.pem],
    rootFiles: user.files,
    ...limits.forSandbox,
    denials,
    entryProgram: nativePath('leash-entry', env),
    shown: [agentStore(env), ...(options.agent?.shown ?? [])],
    hidden: [...hiddenFolders(env), ...(secrets?.files ?? []), ...agentCredentials(env, homeOf(options))],
  };
  if (container !== undefined)
    return (await import('./in-container.ts')).planInContainer(request, container, limits.forEngine, options);
  return bubblewrapPlan(request, options.bubblewrap, FIRST_DATA_DESCRIPTOR);
}

/** Variables of the agent's own that name a file of certificates. */
function trustOf({ agent }: SessionOptions): Readonly<Record<string, string>> {
  return Object.fromEntries((agent?.agent.trust ?? []).map((name) => [name, BUNDLE]));
}

/**
 * Runs the agent to its end. The sandbox is built while the policy that governs it is read: until then it holds
 * nothing but the entry process, which waits for a table in force and served listeners.
 * @throws {LeashError} before the agent is started: LEASH_LIMIT, LEASH_POLICY_READ, LEASH_POLICY_INVALID, LEASH_COMMAND_DENIED, LEASH_JOURNAL_WRITE
 */
export async function runSession(asked: SessionOptions): Promise<SessionResult> {
  const said = new Said();
  const options: SessionOptions = {
    ...asked,
    say: (line) => {
      said.add(line);
      asked.say(line);
    },
  };
  const ports = await portsOf(options);
  let limits: SessionLimits | undefined;
  try {
    limits = new SessionLimits(options);
    return await runLimited(options, limits, ports, said);
  } finally {
    await ports?.close();
    await limits?.remove();
  }
}

/** Taken before anything is started. @throws {LeashError} LEASH_PORT_BUSY */
async function portsOf({ publish, say }: SessionOptions): Promise<PublishedPorts | undefined> {
  if (publish === undefined) return undefined;
  return (await import('./ports/published-ports.ts')).PublishedPorts.open(publish, say);
}

/** Modules are loaded only for who has a secret: a configuration, the key of an agent's model, or a login. */
async function secretsOf(options: SessionOptions): Promise<SessionSecrets | undefined> {
  const { env, workspace, extraEnv, agent, config, plainSecrets = false, say } = options;
  const home = homeOf(options);
  const holdsLogin = agent?.agent.logins.some(({ file }) => fs.existsSync(placeOf(file, env, home))) ?? false;
  const holdsKey = AGENT_KEYS.some((name) => env[name]);
  if (!holdsKey && !holdsLogin && config === undefined) return undefined;
  const { openSecrets } = await import('./secrets/session-secrets.ts');
  const surroundings = { env, home, workspace };
  return openSecrets({ surroundings, config, passed: extraEnv, agent, isPlain: plainSecrets, say });
}

interface SessionVolumes {
  readonly volumes: ReturnType<typeof sandboxVolumes>;
  readonly reviewed?: Reviewed;
}

/** What keeps changes aside is loaded only for who asked for it. */
async function volumesOf(
  id: string,
  options: SessionOptions,
  logins: Readonly<Record<string, string>> = {},
): Promise<SessionVolumes> {
  const all = checkedVolumes(options);
  const kept = all.filter(({ access }) => access === 'review');
  if (kept.length === 0) return { volumes: sandboxVolumes(all, () => '') };
  const reviewed = new (await import('./reviewed.ts')).Reviewed(id, kept, options.env, logins);
  return { volumes: sandboxVolumes(all, (index) => reviewed.own(index)), reviewed };
}

async function runLimited(
  options: SessionOptions,
  limits: SessionLimits,
  ports: PublishedPorts | undefined,
  said: Said,
): Promise<SessionResult> {
  const id = newSessionId();
  const secrets = await secretsOf(options);
  // Beside a manager's container only the volume is shared.
  const denials = new Denials(options.container?.beside === undefined ? stateDir(options.env) : OWN_FOLDER);
  const ca = createSessionCa();
  const told = await toldRegistries(options);
  const { volumes, reviewed } = await volumesOf(id, options, secrets?.brokered);
  let plan: SandboxPlan;
  try {
    plan = await sandboxPlan(options, ca, told, limits, denials.file, secrets, volumes);
  } catch (error) {
    reviewed?.discard();
    throw error;
  }
  let governor: Governor | undefined;
  const governed = (): Governor => {
    if (governor === undefined) throw new LeashError('LEASH_WIRE_RECORD', 'a record came before the agent was let go');
    return governor;
  };

  const programs = new Programs(id, options);
  let begin: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const warden: Warden = new Warden(
    {
      ...limits.forWarden,
      dials: ports !== undefined,
      ...programs.forWarden,
      program: nativePath('leash-warden', options.env),
      ...(plan.door && { door: plan.door }),
      command: plan.command,
      agent: options.command[0] ?? '',
      env: plan.env,
      data: plan.data,
    },
    {
      process: (process) => {
        begin();
        governed().process(process);
      },
      event: (event) => {
        governed().event(event);
        programs.saw(event);
      },
      ...programs.handlers,
      query: (event) => {
        const { epoch, word, server } = governed().answer(event);
        warden.answer(event.id, epoch, word, server);
      },
      connected: (connected) => governed().connected(connected),
      datagram: (datagram) => governed().datagram(datagram),
      released: (call) => governed().released(call),
      serverEnd: (server, end, socket) => governed().servers.take(server, end, socket),
      listener: (name, handle) => {
        loading.then(
          ({ network }) => network.serve(name, handle),
          () => handle.close(), // an open listener would keep this process alive
        );
      },
    },
  );
  programs.begin(warden);
  const loading = plan.agentEnv.then((agentEnv) =>
    govern({
      id,
      session: options,
      agentEnv,
      ca,
      denials,
      secrets,
      stop: (error) => warden.abort(error),
      resume: (call) => warden.resume(call),
      answers: warden,
    }),
  );
  try {
    governor = await loading;
  } catch (error) {
    warden.abort();
    await warden.ended;
    await plan.remove?.(true);
    denials.discard();
    reviewed?.discard();
    throw error;
  }
  const agentEnv = await plan.agentEnv;
  said.keepIn(path.join(sessionsDir(options.env), id));
  programs.rule({
    permit: governor.permit,
    clean: (text) => withoutCredentials(text, [...credentialsIn(agentEnv), ...(secrets?.known() ?? [])]),
  });
  governor.begin(warden, limits.texts);
  ports?.begin(governor.network.complete, warden, governor.ports);
  if (options.isVerbose) options.say(`limits: ${limits.texts.join(', ')}`);
  const met = (limit: LimitMet): void => governor?.limit(limit);
  const seat = options.control?.take(id, begun, () => governor?.openDoor());
  limits.watch(met);
  const unforward = forwardSignals(warden);
  const end = await warden.ended;
  await plan.remove?.(end.failure !== undefined);
  unforward();
  await ports?.close();
  const notes = limits.end(end.failure, met);
  const failure = end.failure && limits.explain(end.failure);
  for (const line of [...notes, ...(failure ? [failure.message] : [])]) said.add(line);
  await programs.end({ status: end.status, ...(failure && { failure }) });
  const totals = await governor.end(end.status);
  await seat?.close();
  return {
    id,
    status: end.status,
    ...(failure && { failure }),
    ...totals,
    notes,
    written: programs.written,
    ...(reviewed && { pending: reviewed.end(options.say) }),
  };
}
