// A session in; its MCP calls, and the tools that language models were offered and called, out.
import { Link, useParams } from '@tanstack/react-router';
import { type ReactNode, useDeferredValue, useMemo } from 'react';
import { HistoryStatus, useHistory } from '../../feed/use-history.tsx';
import { printable } from '../../parts/printable.ts';
import { Scroll } from '../../parts/scroll.tsx';
import './mcp.css';
import { type CallLine, type McpLine, type ModelLine, ToolUse } from './tools.ts';

const time = (milliseconds: number): string => new Date(milliseconds).toLocaleTimeString();

function Denied({ count, why }: { readonly count: number; readonly why: string | undefined }): ReactNode {
  if (count === 0) return 0;
  return (
    <span className="bad">
      ✗ {count}
      {why !== undefined && `: ${printable(why)}`}
    </span>
  );
}

function McpTable({ lines }: { readonly lines: readonly McpLine[] }): ReactNode {
  return (
    <Scroll label="Table of MCP calls">
      <table>
        <thead>
          <tr>
            {['Server', 'Tool', 'Method', 'Allowed', 'Denied', 'Last'].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ server, tool, method, allowed, denied, last, why }) => (
            <tr key={JSON.stringify([server, tool, method])}>
              <td>{printable(server)}</td>
              <td>{printable(tool ?? '')}</td>
              <td>{printable(method)}</td>
              <td className="number">{allowed}</td>
              <td>
                <Denied count={denied} why={why} />
              </td>
              <td>{time(last)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** Each leads to what its server did meanwhile. */
function CallTable({ lines, session }: { readonly lines: readonly CallLine[]; readonly session: string }): ReactNode {
  return (
    <Scroll label="Table of the last calls">
      <table>
        <thead>
          <tr>
            {['Call', 'Time', 'Server', 'Tool or method', 'Outcome', 'Caused'].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ call, seq, time: at, server, what, outcome, caused, isDenied }) => (
            <tr key={seq}>
              <td>
                {call !== undefined && (
                  <Link to="/s/$session/live" params={{ session }} search={{ call, journal: true } as never}>
                    {printable(call)}
                  </Link>
                )}
              </td>
              <td>{time(at)}</td>
              <td>{printable(server)}</td>
              <td>{printable(what)}</td>
              <td className={isDenied ? 'bad' : ''}>{printable(outcome)}</td>
              <td>{printable(caused)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Names({ title, names }: { readonly title: string; readonly names: readonly string[] }): ReactNode {
  return (
    <>
      <dt>{title}</dt>
      <dd>
        {names.length === 0
          ? 'none'
          : names.map((name) => (
              <code key={name} className="mcp-name">
                {printable(name)}
              </code>
            ))}
      </dd>
    </>
  );
}

function Model({ line }: { readonly line: ModelLine }): ReactNode {
  const { provider, model, host, requests, denied, tokensIn, tokensOut, why, last } = line;
  return (
    <article className="mcp-model">
      <h3>
        <code>{printable(model || '?')}</code> <span className="quiet">of {printable(provider)}</span>
      </h3>
      <dl>
        <dt>Host</dt>
        <dd>
          <code>{printable(host)}</code>
        </dd>
        <dt>Requests</dt>
        <dd>
          {requests}, the last at {time(last)}
        </dd>
        <dt>Denied</dt>
        <dd>
          <Denied count={denied} why={why} />
        </dd>
        <dt>Tokens</dt>
        <dd>
          {tokensIn.toLocaleString()} in, {tokensOut.toLocaleString()} out
        </dd>
        <Names title="MCP servers that the provider reaches" names={line.mcpServers} />
        <Names title="Tools that the provider runs" names={line.serverTools} />
        <Names
          title="Tools offered, and calls"
          names={line.tools.map(({ name, calls }) => (calls === 0 ? name : `${name} × ${calls}`))}
        />
      </dl>
    </article>
  );
}

export function McpScreen(): ReactNode {
  const { session = '' } = useParams({ strict: false });
  const { history, model, state } = useHistory(session, () => new ToolUse());
  const version = useDeferredValue(state.version);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the model changes in place, and the version says so
  const { mcp, models, calls } = useMemo(
    () => ({ mcp: model.mcp(), models: model.models(), calls: model.calls() }),
    [model, version],
  );
  return (
    <>
      <h1>MCP and model</h1>
      <HistoryStatus session={session} history={history} state={state} />
      <h2>MCP calls</h2>
      {mcp.length > 0 ? (
        <McpTable lines={mcp} />
      ) : (
        !state.isLoading && (
          <p>
            No event of this session is an MCP call. MCP servers that run inside are seen by what they do: their
            programs, files and connections.
          </p>
        )
      )}
      {calls.length > 0 && (
        <>
          <h2>The last calls</h2>
          <CallTable lines={calls} session={session} />
        </>
      )}
      <h2>Calls of language models</h2>
      {models.map((line) => (
        <Model key={JSON.stringify([line.provider, line.model, line.host])} line={line} />
      ))}
      {!state.isLoading && models.length === 0 && (
        <p>No request to a language model was seen. Models are recognized where their traffic is opened.</p>
      )}
      <p className="quiet">
        Events of calls hold short arguments, without known credentials; those of models hold names of tools and numbers
        of tokens. Results are in none.
      </p>
    </>
  );
}
