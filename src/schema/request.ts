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
export type Action = FileAction | 'ProcessExec' | 'NetConnect' | 'HttpRequest' | 'DnsResolve' | 'McpCall';

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

export type Resource = PathResource | HostResource;

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

export interface HttpRequest {
  readonly action: 'HttpRequest';
  readonly resource: HostResource;
  readonly port: number;
  readonly method: string;
  /** Path and query as sent, in origin form. */
  readonly path: string;
  readonly scheme: 'http' | 'https';
  /** Lower-cased names. */
  readonly headers: ReadonlyMap<string, string>;
}

export interface DnsRequest {
  readonly action: 'DnsResolve';
  readonly resource: HostResource;
  /** Query type as text: `A`, `AAAA`, `TXT`. */
  readonly qtype: string;
}

export type Request = FileRequest | ExecRequest | ConnectRequest | HttpRequest | DnsRequest;
