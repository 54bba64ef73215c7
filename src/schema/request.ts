// The question every layer asks: may this principal do this action to this resource, in this context?

/** The concrete Cedar actions a request can name. Groups (`FileOpen`, `FileOpenReadWrite`, `NetworkConnect`) never appear here. */
export const FILE_ACTIONS = [
  'FileOpenReadOnly',
  'FileWrite',
  'FileCreate',
  'FileDelete',
  'FileRename',
  'FileLink',
  'FileSetAttr',
] as const;
export type FileAction = (typeof FILE_ACTIONS)[number];
export type Action =
  | FileAction
  | 'ProcessExec'
  | 'NetConnect'
  | 'HttpRequest'
  | 'DnsResolve'
  | 'HttpRewrite'
  | 'SecretUse'
  | 'McpCall';

/**
 * A file-system object by its canonical absolute path in the agent's view. A directory's path ends with `/`, a file's does not;
 * the path is the Cedar entity id (`Dir::"/a/b/"`, `File::"/a/b/c"`).
 */
export interface PathResource {
  readonly type: 'path';
  readonly path: string;
}

/** A network peer: its verified name if it has one, else its address in canonical text; the name is the Cedar id `Host::"name"`. */
export interface HostResource {
  readonly type: 'host';
  readonly name: string;
}

/** A tool of an MCP server: `MCP::Tool::"name"` in `MCP::Server::"server"`. */
export interface ToolResource {
  readonly type: 'tool';
  readonly name: string;
  readonly server: string;
}

/** An MCP server itself, where a method concerns no tool: `MCP::Server::"name"`. */
export interface ServerResource {
  readonly type: 'server';
  readonly name: string;
}

/** A credential by its name, never its value: `Secret::"name"`. */
export interface SecretResource {
  readonly type: 'secret';
  readonly name: string;
}

export type Resource = PathResource | HostResource | ToolResource | ServerResource | SecretResource;

/** The program that asks, as `context.proc` of the Cedar schema describes it. */
export interface Program {
  /** The executable's canonical path in the agent's view; '' when it is not known. */
  readonly exe: string;
  /** User id inside the sandbox. */
  readonly uid: number;
  /** Canonical paths of the executables that ran before it in its line of descent; none when absent. */
  readonly ancestors?: readonly string[];
  /** SHA-256 of the executable's content, lower-case hexadecimal; absent when it is not known. */
  readonly sha256?: string;
  /** What it was started as, itself or in its line of descent: `mcp:NAME`, an MCP server of the agent's; never ''. */
  readonly via?: string;
}

export interface FileRequest {
  readonly action: FileAction;
  readonly resource: PathResource;
  readonly program: Program;
}

export interface ExecRequest {
  readonly action: 'ProcessExec';
  readonly resource: PathResource;
  readonly program: Program;
  readonly argv: readonly string[];
  /** SHA-256 of the content that is to run, lower-case hexadecimal; absent for a script, and when no policy asks. */
  readonly sha256?: string;
}

export interface ConnectRequest {
  readonly action: 'NetConnect';
  readonly resource: HostResource;
  readonly program: Program;
  /** Destination port, 0-65535. */
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  /** The literal destination address; for a synthetic address, the address the agent dialled. */
  readonly ip: string;
}

/** What a request does to a Git repository. */
export interface GitOperation {
  /** `info`: neither of the others. */
  readonly operation: 'fetch' | 'push' | 'info';
  /** Host and path, without `.git` and without a final slash unless the path is empty: `forge.example/team/app`. */
  readonly repository: string;
}

/** What a request asks a language model for; the names are the schema's. */
export interface ModelCall {
  readonly provider: string;
  readonly name: string;
  readonly tools: readonly string[];
  readonly serverTools: readonly string[];
  readonly mcpServers: readonly string[];
}

export interface HttpRequest {
  readonly action: 'HttpRequest';
  readonly resource: HostResource;
  /** The program that opened the connection. */
  readonly program: Program;
  readonly port: number;
  readonly method: string;
  /** Path in canonical form, without the query; `*` of OPTIONS. */
  readonly path: string;
  /** What follows the first `?`, as sent; '' if nothing does. */
  readonly query: string;
  readonly scheme: 'http' | 'https';
  /** Lower-cased names. */
  readonly headers: ReadonlyMap<string, string>;
  readonly git?: GitOperation;
  readonly model?: ModelCall;
}

export interface DnsRequest {
  readonly action: 'DnsResolve';
  readonly resource: HostResource;
  /** Query type as text: `A`, `AAAA`, `TXT`. */
  readonly qtype: string;
}

/**
 * May this header be set on requests to this host? Nobody asks about arbitrary headers: the candidates are the pairs of a header and a
 * value that the constants of a permit name together, and one is applied when this request is allowed.
 */
export interface RewriteRequest {
  readonly action: 'HttpRewrite';
  readonly resource: HostResource;
  readonly port: number;
  /** As the permit spells it; asked once more in lower case, where only a forbid counts. */
  readonly header: string;
  readonly value: string;
}

/** May this credential be put into requests to this host? */
export interface SecretRequest {
  readonly action: 'SecretUse';
  readonly resource: SecretResource;
  readonly host: HostResource;
  readonly port: number;
  /** Lower-cased name of the header it is put in; '' for a query parameter. */
  readonly header: string;
}

/** A message to an MCP server: `tools/call` is about a tool, every other method about the server. */
export interface McpRequest {
  readonly action: 'McpCall';
  readonly resource: ToolResource | ServerResource;
  /** JSON-RPC method. */
  readonly method: string;
  /**
   * Arguments by their JSON pointer (RFC 6901) without the first slash, `opts/force`; values as text, of numbers the one text of the value.
   * Of `tools/call` those of the tool, of any other method its parameters: `uri`, `ref/name`.
   */
  readonly args: ReadonlyMap<string, string>;
}

export type Request =
  | FileRequest
  | ExecRequest
  | ConnectRequest
  | HttpRequest
  | DnsRequest
  | RewriteRequest
  | SecretRequest
  | McpRequest;
