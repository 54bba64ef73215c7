// TEMPORARY
import type { Readable, Writable } from 'node:stream';
import type { Attribution } from '../options.ts';
import type { McpBrokerOptions } from './call-judge.ts';
export interface StdioEnds {
  readonly fromClient: Readable;
  readonly toClient: Writable;
  readonly toServer: Writable;
  readonly fromServer: Readable;
}
export interface StdioServer {
  readonly name: string;
  readonly via: string;
  readonly attribution: Attribution;
}
export class StdioRelay {
  readonly ended: Promise<void>;
  readonly #ends: StdioEnds;
  constructor(ends: StdioEnds, server: StdioServer, _options: McpBrokerOptions) {
    this.#ends = ends;
    if (process.env['LEASH_DEBUG_RELAY']) process.stderr.write(`relay ${JSON.stringify(server)}\n`);
    ends.fromClient.on('data', (b) => process.env['LEASH_DEBUG_RELAY'] && process.stderr.write(`C> ${b}`));
    ends.fromServer.on('data', (b) => process.env['LEASH_DEBUG_RELAY'] && process.stderr.write(`S> ${b}`));
    ends.fromClient.pipe(ends.toServer);
    ends.fromServer.pipe(ends.toClient);
    this.ended = new Promise((resolve) => ends.fromServer.on('close', () => resolve()));
  }
  destroy(): void {
    for (const each of Object.values(this.#ends)) each.destroy();
  }
}
