// An MCP configuration enters; running stdio servers and their tools leave (JSON-RPC 2.0, MCP 2025-06-18).
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

const PROTOCOL = '2025-06-18';

export interface ToolDescription {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: object;
}

interface ServerConfig {
  readonly command: string;
  readonly args?: readonly string[];
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The client's end of one stdio server. */
export class McpServer {
  readonly name: string;
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  constructor(name: string, { command, args = [] }: ServerConfig) {
    this.name = name;
    this.#child = spawn(command, [...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#receive(line));
    this.#child.once('error', (error) => this.#fail(error));
    this.#child.once('close', () => this.#fail(new Error(`MCP server ${name} has ended`)));
    // A write to a server that has ended is answered by 'close'.
    this.#child.stdin.on('error', () => {});
  }

  async start(): Promise<readonly ToolDescription[]> {
    const clientInfo = { name: 'leash-demo-agent', version: '1.0.0' };
    await this.request('initialize', { protocolVersion: PROTOCOL, capabilities: {}, clientInfo });
    this.#send({ method: 'notifications/initialized' });
    const { tools } = (await this.request('tools/list', {})) as { readonly tools: readonly ToolDescription[] };
    return tools;
  }

  async call(tool: string, args: unknown): Promise<unknown> {
    const result = (await this.request('tools/call', { name: tool, arguments: args })) as { readonly content: unknown };
    return result.content;
  }

  request(method: string, params: object): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#send({ id, method, params });
    });
  }

  close(): void {
    this.#child.stdin.end();
  }

  #send(message: object): void {
    this.#child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  #receive(line: string): void {
    const message = JSON.parse(line) as { id?: number; result?: unknown; error?: { message: string } };
    const waiting = this.#waiting.get(message.id ?? 0);
    this.#waiting.delete(message.id ?? 0);
    if (message.error !== undefined) waiting?.reject(new Error(message.error.message));
    else waiting?.resolve(message.result);
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** Reads `{"mcpServers": {name: {command, args}}}`, the form that agents share, and starts each server. */
export function startServers(file: string): readonly McpServer[] {
  const { mcpServers } = JSON.parse(readFileSync(file, 'utf8')) as { mcpServers: Record<string, ServerConfig> };
  return Object.entries(mcpServers).map(([name, config]) => new McpServer(name, config));
}
