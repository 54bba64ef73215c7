// Handshakes of WebSockets enter; they leave asking for frames that can be read, and their connections with whoever reads them.
import type { HttpRequest } from '../../../schema/request.ts';
import { Allowance } from '../../exchange/allowance.ts';
import { responseThrough } from '../../exchange/chain.ts';
import type { Outgoing, ResponseEdit, ResponseMessage, TunnelEnds } from '../../exchange/passage.ts';
import { type Field, ProtocolError } from '../../http/head.ts';
import type { Peer } from '../../options.ts';
import { type McpBrokerOptions, partiesOf } from '../call-judge.ts';
import { McpPlaces } from '../places.ts';
import { type SocketOptions, SocketTunnel } from './socket-tunnel.ts';

/** Of all messages that are held at a time. */
const HELD = 67_108_864;
const EXTENSIONS = 'sec-websocket-extensions';

function valuesOf(fields: readonly Field[], name: string): string {
  return fields.flatMap((field) => (field.name === name ? [field.value] : [])).join();
}

/** By its key, too: a server that looks at nothing else would take it for one. */
export function isSocketHandshake(fields: readonly Field[]): boolean {
  return /websocket/i.test(valuesOf(fields, 'upgrade')) || valuesOf(fields, 'sec-websocket-key') !== '';
}

/** Some servers begin to read frames behind the head, whatever length it announces. */
function hasContent(fields: readonly Field[]): boolean {
  return fields.some(
    ({ name, value }) => name === 'transfer-encoding' || (name === 'content-length' && !/^0+$/.test(value)),
  );
}

/** The subprotocol that the server chose, or else those that the client offers. */
function saysMcp(asked: readonly Field[], answered: readonly Field[]): boolean {
  const name = 'sec-websocket-protocol';
  return /(?:^|[\s,])mcp\b/i.test(valuesOf(answered, name) || valuesOf(asked, name));
}

export interface SocketRequest {
  readonly request: HttpRequest;
  readonly peer: Peer;
  /** Host and port. */
  readonly origin: string;
  /** Its head says MCP, or MCP is spoken there over HTTP. */
  readonly isMcp: boolean;
  /** Whether calls are judged or observed. */
  readonly isRead: boolean;
  /** Whether nothing passes that is not read. */
  readonly isEnforced: boolean;
}

export class SocketBroker {
  readonly #options: SocketOptions;
  readonly #places: McpPlaces = new McpPlaces();

  constructor(options: McpBrokerOptions) {
    this.#options = { ...options, allowance: new Allowance(HELD) };
  }

  /** @returns a text if it must not be sent: why */
  edit(outgoing: Outgoing, socket: SocketRequest): Outgoing | string {
    const { isRead, isEnforced } = socket;
    if (isEnforced && hasContent(outgoing.fields)) return 'it asks for a WebSocket and has content';
    const fields = isRead ? outgoing.fields.filter(({ name }) => name !== EXTENSIONS) : outgoing.fields;
    let tunnel: SocketTunnel | undefined;
    const answered = ({ status, fields: shown }: ResponseMessage): ResponseEdit => {
      if (status !== 101) return { fields: shown };
      const isExtended = valuesOf(shown, EXTENSIONS) !== '';
      if (isExtended && isEnforced)
        throw new ProtocolError('the server extends WebSocket frames though not asked to', 502);
      const begin = (ends: TunnelEnds): SocketTunnel => {
        const isMcp = socket.isMcp || saysMcp(outgoing.fields, shown);
        tunnel = this.#tunnel(ends, { ...socket, isMcp, isRead: isRead && !isExtended }, outgoing.path);
        return tunnel;
      };
      return { fields: shown, tunnel: begin };
    };
    return {
      ...outgoing,
      fields,
      response: responseThrough(answered, outgoing.response),
      detail: () => ({
        ...outgoing.detail?.(),
        ...(tunnel?.isMcp && { mcp: true }),
        ...(tunnel?.fault !== undefined && { mcp_unread: tunnel.fault }),
      }),
    };
  }

  #tunnel(ends: TunnelEnds, { request, peer, origin, isMcp, isRead }: SocketRequest, path: string): SocketTunnel {
    const way = { transport: 'websocket', host: peer.name, port: peer.port } as const;
    const known = {
      isMcp: isMcp || this.#places.has(origin, path),
      isUnreadable: !isRead,
      speaksMcp: () => this.#places.add(origin, path),
    };
    return new SocketTunnel(ends, { ...partiesOf(peer, request), way }, known, this.#options);
  }
}
