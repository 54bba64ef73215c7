// What a session is started with and what it ends with.
import os from 'node:os';
import path from 'node:path';
import type { Config } from '../config/config.ts';
import type { LeashError } from '../host/errors.ts';
import type { Source } from '../policy/text/diagnostic.ts';
import type { Override } from '../proxy/options.ts';
import type { Engine } from '../sandbox/container/engine.ts';
import type { Image } from '../sandbox/container/image.ts';
import type { AskedLimits } from '../sandbox/limits.ts';
import type { Volume } from '../sandbox/volume.ts';
import type { Approver, Question } from '../schema/approval.ts';
import type { PolicyDesk } from '../schema/policy-desk.ts';
import type { Size, Stage } from '../schema/stage.ts';
import type { Mode, TlsMode } from '../schema/verdict.ts';
import type { SessionAgent } from './agents/session-agent.ts';
import type { PublishOptions } from './ports/port-spec.ts';

export interface SessionOptions {
  readonly command: readonly string[];
  /** The agent that the command is, when a person called it by its name. */
  readonly agent?: SessionAgent | undefined;
  /** The agent holds its own keys and login, and no placeholders. */
  readonly plainSecrets?: boolean;
  /** Absolute real path of an existing directory. */
  readonly workspace: string;
  /** Changes in the workspace are kept aside until a person accepts them. */
  readonly isReviewed?: boolean;
  /** Further places of the host's that the agent sees. */
  readonly volumes?: readonly Volume[];
  /** Profiles that rule, beside `policyFile`; without either, the default of the command. */
  readonly profiles?: readonly string[];
  /** A Cedar file. */
  readonly policyFile: string | undefined;
  /** What the workspace brought along, read before the session: it only forbids. */
  readonly repository?: Source | undefined;
  readonly mode: Mode;
  /** Default: `inspect`. */
  readonly tls?: TlsMode;
  /** The environment of leash itself. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's config.toml, if there is one. */
  readonly config?: Config | undefined;
  /** Passed to the agent whatever the rules say. */
  readonly extraEnv: Readonly<Record<string, string>>;
  /** Where names really are, by `host` or `host:port`. */
  readonly resolve: ReadonlyMap<string, Override>;
  /** PEM roots trusted for upstream servers besides Node's. */
  readonly ca: readonly string[];
  /** Keep the bodies of requests and responses that are text, without credentials, beside the journal. */
  readonly recordsBodies?: boolean;
  /** What the agent may use at most; the defaults when absent. */
  readonly limits?: AskedLimits;
  /** Ports of programs inside that the host can reach. */
  readonly publish?: PublishOptions;
  /** No name and no connection leaves, in any mode; the policy holds the profile `no-network`. */
  readonly isOffline?: boolean;
  /** Say more about what is set up. */
  readonly isVerbose?: boolean;
  /** Run in a container of an image, instead of bubblewrap. */
  readonly container?: ContainerOptions;
  /** Path of bwrap. */
  readonly bubblewrap: string;
  /** A line for the person at the terminal. */
  readonly say: (line: string) => void;
  /** The agent has no terminal of a person: its streams lead to who attaches. */
  readonly detached?: Detached;
  /** Lets people attach and run further commands, once the agent runs. `dir`: the session's own folder. */
  readonly openGate?: (dir: string, stage: Stage) => Promise<Door>;
  /** The session gets a place at the user's control API, where it is served, some time after the agent has begun. `port` is one that no agent may reach. */
  readonly control?: {
    readonly port: number;
    readonly take: (id: string, begun: Promise<void>, openDoor: () => unknown) => Door;
  };
  /** How a person is asked. Without it every question of an `@ask` policy is refused. */
  readonly asking?: Asking;
}

export interface Detached {
  /** Of its terminal; undefined: it has none, and reads the end of file. */
  readonly size: Size | undefined;
  /** The agent runs, and the gate is open. */
  readonly started: (id: string, dir: string) => void;
}

export interface ContainerOptions {
  readonly engine: Engine;
  readonly imageName: string;
  /** What the engine says of it; asked for at once, because that takes as long as what comes before. */
  readonly image: Promise<Image>;
  /** Whether standard input and output are a terminal. */
  readonly hasTerminal: boolean;
  /** What the image holds cannot be changed. */
  readonly isReadOnly: boolean;
  /** This process is the manager beside a container that another `leash` starts. */
  readonly beside?: Beside;
}

export interface Beside {
  /** Of the agent's container; of the manager's own. */
  readonly name: string;
  readonly manager: string;
  /** Of the person's `leash`: signals to the session go there. */
  readonly owner: { readonly pid: number; readonly identity?: string };
}

export interface Asking {
  /** Milliseconds until a question is refused; 0: none is asked. */
  readonly timeout: number;
  /** Tells a person that a question is open. */
  readonly tell: (question: Question, session: string) => void;
  /** Lets a person's words in, from the first question on or since the control API is there. `dir`: the session's own folder. */
  readonly openDoor: (dir: string, approver: Approver, desk: PolicyDesk) => Promise<Door>;
}

/** Where a person's words come in. */
export interface Door {
  close(): Promise<void>;
}

export interface SessionResult {
  readonly id: string;
  /** As a shell reports it. */
  readonly status: number;
  /** Set when the session did not end by the agent's own exit. */
  readonly failure?: LeashError;
  readonly allowed: number;
  readonly denied: number;
  readonly policy: string;
  /** How many changes wait for a person's word; undefined when nothing was under review. */
  readonly pending?: number;
  /** What a person should know of how it ended. */
  readonly notes: readonly string[];
  /** What a detached agent, or its backend, wrote last. */
  readonly written: Buffer;
}

/** The id of `Agent::"claude"`: the agent's name, else the base name of the command. */
export function agentOf(options: SessionOptions): string {
  return options.agent?.agent.name ?? path.basename(options.command[0] ?? '');
}

/** What the session's policy is read from, at first and after an edit of the file. */
export function policyChoice(options: SessionOptions): {
  readonly profiles: readonly string[];
  readonly file: string | undefined;
  readonly agent: string;
  readonly repository: Source | undefined;
} {
  const { profiles = [], policyFile: file, repository } = options;
  return { profiles, file, agent: agentOf(options), repository };
}

/** Places of the host whose changes are kept aside. */
export function reviewedPlaces({ isReviewed, workspace, volumes = [] }: SessionOptions): string[] {
  const named = volumes.filter(({ access }) => access === 'review').map(({ source }) => source);
  return isReviewed ? [workspace, ...named] : named;
}

/** The user's home directory. */
export function homeOf(options: SessionOptions): string {
  return options.env['HOME'] || os.homedir();
}
