// Ways of one transport enter; a server with all that the conformance suite looks for leaves.
import { randomBytes } from 'node:crypto';
import { createRequestStateCodec, McpServer } from '@modelcontextprotocol/server';
import { addContent } from './content.mjs';
import { addInputs } from './inputs.mjs';
import { addTools } from './tools.mjs';

const codec = createRequestStateCodec({ key: randomBytes(32) });

/** @param ways see `addTools` */
export function makeServer(ways) {
  const changing = { listChanged: true };
  const capabilities = {
    tools: changing,
    prompts: changing,
    resources: { subscribe: true, ...changing },
    logging: {},
    completions: {},
  };
  const mcp = new McpServer(
    { name: 'conformance', version: '1.0.0' },
    { capabilities, requestState: { verify: codec.verify } },
  );
  addTools(mcp, ways);
  addInputs(mcp, codec);
  addContent(mcp);
  return mcp;
}
