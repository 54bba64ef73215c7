// The built-in scripted agent: a prompt enters, it works by the answers of the Anthropic Messages API, a stream of JSON lines leaves.
// It stands in for claude-code where that cannot be installed, takes the same options and prints the same kinds of line.
import { parseArgs } from 'node:util';
import { type McpServer, startServers } from './mcp.ts';
import { mcpTools, OWN_TOOLS, type Tool } from './tools.ts';

const API = 'https://api.anthropic.com/v1/messages?beta=true';
const API_VERSION = '2023-06-01';
const MAX_TURNS = 100;

interface TextBlock {
  readonly type: 'text';
  readonly text: string;
}

interface ToolUseBlock {
  readonly type: 'tool_use';
  readonly id: string;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

type Block = TextBlock | ToolUseBlock;

interface Message {
  readonly role: 'user' | 'assistant';
  readonly content: string | readonly object[];
}

const print = (line: object): boolean => process.stdout.write(`${JSON.stringify(line)}\n`);

async function ask(messages: readonly Message[], tools: readonly Tool[]): Promise<readonly Block[]> {
  const response = await fetch(API, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'anthropic-version': API_VERSION,
      'x-api-key': process.env['ANTHROPIC_API_KEY'] ?? '',
    },
    body: JSON.stringify({
      model: 'scripted',
      max_tokens: 4096,
      messages,
      tools: tools.map(({ run: _run, ...description }) => description),
    }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`the model's API answered ${response.status}: ${text.slice(0, 300)}`);
  const { content } = JSON.parse(text) as { readonly content: readonly Block[] };
  return content;
}

async function runTool(use: ToolUseBlock, tools: readonly Tool[]): Promise<object> {
  const result = { type: 'tool_result', tool_use_id: use.id };
  try {
    const tool = tools.find(({ name }) => name === use.name);
    if (tool === undefined) throw new Error(`there is no tool ${use.name}`);
    return { ...result, content: await tool.run(use.input) };
  } catch (error) {
    return { ...result, content: error instanceof Error ? error.message : String(error), is_error: true };
  }
}

/** Works until the model asks for no more tools. Returns its last text. */
async function converse(prompt: string, tools: readonly Tool[]): Promise<string> {
  const messages: Message[] = [{ role: 'user', content: prompt }];
  for (let turn = 0; turn < MAX_TURNS; turn += 1) {
    const content = await ask(messages, tools);
    const answer: Message = { role: 'assistant', content };
    messages.push(answer);
    print({ type: 'assistant', message: answer });
    const uses = content.filter((block) => block.type === 'tool_use');
    if (uses.length === 0) return content.map((block) => (block.type === 'text' ? block.text : '')).join('');
    const results: object[] = [];
    for (const use of uses) results.push(await runTool(use, tools));
    const reply: Message = { role: 'user', content: results };
    messages.push(reply);
    print({ type: 'user', message: reply });
  }
  throw new Error(`no end after ${MAX_TURNS} turns`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    strict: false,
    options: { print: { type: 'string', short: 'p' }, 'mcp-config': { type: 'string' } },
  });
  const { print: prompt, 'mcp-config': mcpConfig } = values;
  const servers: readonly McpServer[] = typeof mcpConfig === 'string' ? startServers(mcpConfig) : [];
  try {
    const offered = await Promise.all(servers.map(mcpTools));
    const result = await converse(String(prompt ?? ''), [...OWN_TOOLS, ...offered.flat()]);
    print({ type: 'result', subtype: 'success', is_error: false, result });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
    print({
      type: 'result',
      subtype: 'error',
      is_error: true,
      result: `${error instanceof Error ? error.message : error}${cause}`,
    });
    process.exitCode = 1;
  } finally {
    for (const server of servers) server.close();
  }
}

await main();
