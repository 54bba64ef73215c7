// What Leash knows of an agent, as data: where its program comes from, what it needs, and which of its files hold credentials.

export interface AgentPackage {
  /** npm package, installed at exactly `version`. */
  readonly name: string;
  readonly version: string;
  /** Subresource Integrity of the package's tarball (W3C SRI): what was tried here is what is installed. */
  readonly integrity: string;
  /** Its install script and `--version` are run outside the sandbox: Leash's own pins only. */
  readonly isTrusted: boolean;
}

/** Way through the members of a JSON object. */
export type Way = readonly string[];

/** A file or folder of the host: below the home directory, unless the user has set a variable that moves it. */
export interface Kept {
  /** Below the home directory. */
  readonly path: string;
  /** `to`: below the folder that the variable names. */
  readonly moved?: { readonly by: string; readonly to: string };
}

/** A file of the host in which an agent keeps what it was issued when the user logged in. */
export interface Login {
  /** In messages and policies: `claude-login`. */
  readonly name: string;
  readonly file: Kept;
  /** Variable that holds its text instead; where it is set, the file counts for nothing. */
  readonly insteadOfFile?: string;
  /** Where tokens are renewed, on port 443. */
  readonly endpoint: { readonly host: string; readonly path: string };
  /** Where the tokens are used, as Bearer in `Authorization`, on port 443. */
  readonly hosts: readonly string[];
  /** Where in the file each token stands, by its name in the answer of the endpoint (RFC 6749, section 5.1). */
  readonly tokens: Readonly<Partial<Record<TokenName, Way>>>;
  /** Keys beside them, each by the variable whose hosts it goes to. */
  readonly keys?: Readonly<Record<string, Way>>;
  /** What is no credential, and is shown as it is. */
  readonly shown: readonly Way[];
  /** What else may be there and is left out; with `all`, whatever it is. */
  readonly leftOut: readonly Way[] | 'all';
  /** What says how long the access token is good for: milliseconds since 1970, or the time of the renewal as ISO 8601. */
  readonly expiry: { readonly way: Way; readonly as: 'milliseconds' | 'renewed' };
}

/** How a text declares MCP servers. */
export interface McpForm {
  readonly syntax: 'json' | 'json with comments' | 'toml';
  /** Where the table of servers stands; `@workspace` stands for the path of the workspace. */
  readonly way: Way;
  /** How variables are written in a command: `${A}` and `${A:-b}`; these and `$A`; `$A` and `${A}`; `{env:A}`. */
  readonly variables: 'none' | 'braces' | 'dollar or braces' | 'dollar' | 'env';
  /** What two places say of one server is put together; otherwise the later one counts alone. */
  readonly isMerged: boolean;
}

/** A place in which an agent is told of MCP servers that it is to start. */
export type McpPlace = { readonly form: McpForm } & (
  | { readonly in: 'home'; readonly file: Kept }
  /** Relative to the workspace. */
  | { readonly in: 'workspace'; readonly path: string }
  /** Absolute; the administrator's. */
  | { readonly in: 'machine'; readonly path: string }
  /** A file of that name in each folder within this one. */
  | { readonly in: 'extensions'; readonly folder: Kept; readonly path: string }
  /** The value of a variable: the declarations, a file with them, or a folder with such a file. */
  | { readonly in: 'variable'; readonly name: string; readonly holds: 'text' | 'file' | { readonly file: string } }
  /** What follows an option: declarations or files with them, or one key and its value. */
  | { readonly in: 'option'; readonly names: readonly string[]; readonly holds: 'texts or files' | 'key = value' }
);

export const TOKEN_NAMES = ['access_token', 'refresh_token', 'id_token'] as const;
export type TokenName = (typeof TOKEN_NAMES)[number];

export interface Agent {
  readonly name: string;
  /** Installed when the host has no program of its own. */
  readonly package?: AgentPackage;
  /** Name of the program on PATH and among the package's `bin` entries, or an absolute path. */
  readonly bin: string;
  /** Environment it needs to work unattended in a sandbox: no update of itself, no telemetry. The user's own values go first. */
  readonly environment: Readonly<Record<string, string>>;
  /** Variables of providers.ts that hold its keys. */
  readonly credentials: readonly string[];
  readonly logins: readonly Login[];
  /** Hosts its model API is served from, on port 443. */
  readonly hosts: readonly string[];
  /** Files and folders of settings and sessions. */
  readonly settings: readonly Kept[];
  /** Files of credentials beside the logins: never shown. */
  readonly tokenFiles: readonly Kept[];
  /** Where it is told of MCP servers; what stands later outweighs what stands before it. */
  readonly mcpConfig: readonly McpPlace[];
  /** Variables by which it is told a file of further certificates, beside those that every client is told. */
  readonly trust: readonly string[];
  /** Name of the profile that rules it, or an absolute path of a Cedar file. */
  readonly profile: string;
}

export type InstallableAgent = Agent & { readonly package: AgentPackage };
