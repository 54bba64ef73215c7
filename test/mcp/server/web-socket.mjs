// WebSockets on a free port of 127.0.0.1 enter; on each, with the subprotocol `mcp`, a server with all that the conformance suite looks for.
import { WebSocketServer } from 'ws';
import { makeServer } from './make-server.mjs';

/** The transport of a server: the SDKs have one for clients only. */
class WebSocketTransport {
  #socket;

  constructor(socket) {
    this.#socket = socket;
  }

  async start() {
    this.#socket.on('message', (data) => this.onmessage?.(JSON.parse(data.toString())));
    this.#socket.on('error', (error) => this.onerror?.(error));
    this.#socket.on('close', () => this.onclose?.());
  }

  async send(message) {
    this.#socket.send(JSON.stringify(message));
  }

  async close() {
    this.#socket.close();
  }
}

const nothing = () => {};
const server = new WebSocketServer({
  host: '127.0.0.1',
  port: 0,
  handleProtocols: (offered) => (offered.has('mcp') ? 'mcp' : false),
});
server.on('connection', (socket) => {
  const mcp = makeServer({ notify: { toolsChanged: nothing, promptsChanged: nothing }, cut: nothing });
  mcp.connect(new WebSocketTransport(socket)).catch(() => socket.terminate());
});
server.on('listening', () => console.log(`port ${server.address().port}`));
