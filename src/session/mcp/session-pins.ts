// A session's options in; what watches over the tools that its MCP servers offer out, or nothing where that is turned off.
import type { Decision } from '../../decision/decision.ts';
import { stateDir } from '../../host/paths.ts';
import { type PinStore, type ToolNotice, ToolPins } from '../../mcp/tool-pins.ts';
import { dayOf } from '../../mcp/tool-words.ts';
import type { CallPins } from '../../proxy/mcp/call-judge.ts';
import { EVENT_VERSION, type Event } from '../../schema/event.ts';
import type { HeldCallsContext } from '../held-calls.ts';
import type { SessionOptions } from '../options.ts';
import { askAboutPin } from './held-pins.ts';
import { PinFiles } from './pin-files.ts';

export interface SessionPins {
  readonly calls: CallPins;
  /** Calls of tools that changed are held. */
  readonly doesAsk: boolean;
  /** All that was pinned is kept. */
  close(): Promise<void>;
}

export type PinChoice = Pick<SessionOptions, 'profiles' | 'config' | 'env' | 'workspace' | 'say'>;

/** The configuration's word, else `ask` with the profile `strict`, else `warn`. */
function pinsWord({ profiles = [], config }: PinChoice): 'ask' | 'warn' | 'off' {
  return config?.mcp.pins ?? (profiles.includes('strict') ? 'ask' : 'warn');
}

/** A program that no settings of the user's declare is another one in each workspace, whatever it is called. */
function within(files: PinFiles, workspace: string): PinStore {
  const keyOf = (key: string): string => (/^stdio mcp:(?:\.\/|\?)/.test(key) ? `${key} in ${workspace}` : key);
  return {
    of: (key, tool) => files.of(keyOf(key), tool),
    keep: ({ server, key }, tool, pin, was) => files.keep({ server, key: keyOf(key) }, tool, pin, was),
  };
}

function noticeEvent(notice: ToolNotice, epoch: number): Event {
  const { server, tool, kind } = notice;
  return {
    v: EVENT_VERSION,
    time: Date.now(),
    action: 'McpToolNotice',
    resource: { type: 'tool', name: tool, server },
    detail: {
      notice: kind,
      server,
      ...('fields' in notice && { fields: notice.fields }),
      ...('since' in notice && { since: dayOf(notice.since) }),
      ...('others' in notice && { others: notice.others }),
    },
    effect: 'allow',
    enforced: true,
    policies: [],
    epoch,
  };
}

/** @param tell takes events that are no act of the agent's */
export function sessionPins(
  options: PinChoice,
  context: HeldCallsContext,
  tell: (event: Event) => void,
): SessionPins | undefined {
  const word = pinsWord(options);
  if (word === 'off') return undefined;
  const { env, workspace, say } = options;
  const { decision }: { readonly decision: Decision } = context;
  const files = new PinFiles(stateDir(env), say);
  const tools = new ToolPins({
    store: within(files, workspace),
    doesAsk: word === 'ask',
    notice: (notice) => tell(noticeEvent(notice, decision.epoch)),
    say,
    now: Date.now,
  });
  return {
    calls: { tools, ask: (request, question, asker) => askAboutPin(context, request, question, asker) },
    doesAsk: word === 'ask',
    close: () => files.close(),
  };
}
