// Lines on stdin enter; the answers of the server that the conformance suite looks for leave on stdout.
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { makeServer } from './make-server.mjs';

const nothing = () => {};
await makeServer({ notify: { toolsChanged: nothing, promptsChanged: nothing }, cut: nothing }).connect(
  new StdioServerTransport(),
);
