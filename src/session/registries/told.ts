// What a package manager in the sandbox is told about the user's registries.

/** Variables, and read-only files by their place in the agent's view. No credentials. */
export interface Told {
  readonly env: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
}

export const TELLS_NOTHING: Told = { env: {}, files: {} };
