// Words for the conformance suite enter, without a URL; it runs against a server over stdio, one for each session, which a bridge makes one over HTTP.
import { spawn } from 'node:child_process';
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { hostHeaderValidation } from '@modelcontextprotocol/node';
import { bodyOf, serveSession } from './server/sessions.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const isNamed = hostHeaderValidation(['127.0.0.1', 'localhost']);

/** What is said on one side is said on the other. Over HTTP each message of the server belongs to the stream of a request: to that of the one it names, or the last. */
async function connect(web) {
  const stdio = new StdioClientTransport({ command: 'node', args: [here('server/stdio.mjs')], stderr: 'inherit' });
  const open = new Map();
  web.onmessage = (message) => {
    if (message.method !== undefined && message.id !== undefined) open.set(message.id, message.params?._meta);
    void stdio.send(message);
  };
  stdio.onmessage = (message) => {
    if (message.method === undefined) open.delete(message.id);
    const token = message.params?.progressToken;
    const named = [...open].find(([, meta]) => token !== undefined && meta?.progressToken === token)?.[0];
    const relatedRequestId = named ?? [...open.keys()].at(-1);
    void web.send(message, message.method !== undefined && relatedRequestId !== undefined ? { relatedRequestId } : {});
  };
  web.onclose = () => void stdio.close();
  await stdio.start();
  await web.start();
}

const bridge = http.createServer(async (request, response) => {
  if (!isNamed(request, response)) return;
  await serveSession(request, response, request.method === 'POST' ? await bodyOf(request) : undefined, connect);
});
bridge.listen(0, '127.0.0.1', () => {
  const url = `http://localhost:${bridge.address().port}/mcp`;
  const suite = here('node_modules/@modelcontextprotocol/conformance/dist/index.js');
  const words = ['--import', here('needs-glob.mjs'), suite, 'server', '--url', url, ...process.argv.slice(2)];
  spawn('node', words, { stdio: 'inherit' }).on('exit', (code) => process.exit(code ?? 1));
});
