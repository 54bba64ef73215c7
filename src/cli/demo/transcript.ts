// One JSON line of an agent's output (claude-code's `stream-json`) in; lines for a person out. No I/O.
import { type Paint, printable } from '../terminal.ts';

const MAX_WIDTH = 100;
const SHOWN_RESULT_LINES = 3;

interface Block {
  readonly type?: unknown;
  readonly text?: unknown;
  readonly name?: unknown;
  readonly input?: unknown;
  readonly content?: unknown;
  readonly is_error?: unknown;
}

/** Lines to show for one line of output: what the model says, each tool call, and the beginning of its result. */
export function transcriptLines(line: string, paint: Paint): readonly string[] {
  return blocksOf(line).flatMap((block) => {
    if (block.type === 'text') return [`  ● ${paint('bold', cut(String(block.text)))}`];
    if (block.type === 'tool_use') return [`  ▸ ${cut(callText(block))}`];
    if (block.type === 'tool_result') return resultLines(block, paint);
    return [];
  });
}

/** The agent's output is not trusted: what is not a message of the expected form shows nothing. */
function blocksOf(line: string): readonly Block[] {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return [];
  }
  const content = (value as { message?: { content?: unknown } } | null)?.message?.content;
  return Array.isArray(content) ? content.filter((block) => typeof block === 'object' && block !== null) : [];
}

function callText({ name, input }: Block): string {
  const args = (typeof input === 'object' && input !== null ? input : {}) as Readonly<Record<string, unknown>>;
  const shown = args['command'] ?? args['file_path'] ?? args['query'] ?? args['text'] ?? '';
  return `${String(name)}  ${String(shown)}`;
}

function resultLines(block: Block, paint: Paint): readonly string[] {
  const lines = resultText(block.content)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const shown = lines.slice(0, SHOWN_RESULT_LINES).map((line) => cut(line));
  const more = lines.length - shown.length;
  if (more > 0) shown.push(`… ${more} more lines`);
  return shown.map((line) => paint(block.is_error === true ? 'red' : 'dim', `      ${line}`));
}

function resultText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part: { text?: unknown } | null) => String(part?.text ?? '')).join('\n');
}

function cut(text: string): string {
  const safe = printable(text);
  return safe.length > MAX_WIDTH ? `${safe.slice(0, MAX_WIDTH - 1)}…` : safe;
}
