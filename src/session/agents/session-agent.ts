// The agent of a session: what Leash knows of it, and what this host adds to that.
import type { Agent } from '../../sandbox/agents/agent.ts';
import type { ConfiguredSecret } from '../secrets/configured.ts';

/** An agent by its name, of Leash's catalogue or of the user's configuration. */
export interface NamedAgent {
  readonly agent: Agent;
  /** Keys that the user's configuration names for it. */
  readonly keys: readonly ConfiguredSecret[];
}

export interface SessionAgent extends NamedAgent {
  /** Files and folders below the home directory that its program consists of; shown read-only. */
  readonly shown: readonly string[];
}
