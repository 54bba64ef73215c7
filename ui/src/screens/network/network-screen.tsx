// A session in; whom it spoke with, how much, and what was refused, out. The filter stands in the address.
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Fragment, type ReactNode, useDeferredValue, useMemo, useState } from 'react';
import { HistoryStatus, useHistory } from '../../feed/use-history.tsx';
import { printable } from '../../parts/printable.ts';
import { Scroll } from '../../parts/scroll.tsx';
import { bytesText, HOSTS_MAX, type HostRow, Hosts, isHostShown, tlsText } from './hosts.ts';
import './network.css';
import { HostParticulars } from './particulars.tsx';

const TITLES = ['Host', 'Port', 'Protocol', 'Connections', 'Requests', 'Allowed', 'Denied', 'In', 'Out', 'TLS', 'Last'];

function HostLine({ host }: { readonly host: HostRow }): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  const { name, port, protocols, lookups, connections, requests, allowed, denied, bytesIn, bytesOut, last } = host;
  return (
    <>
      <tr>
        <th scope="row" className="network-host">
          <button type="button" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
            <span aria-hidden="true">{isOpen ? '▾' : '▸'}</span> <code>{printable(name)}</code>
          </button>
        </th>
        <td className="number">{port ?? ''}</td>
        <td>{protocols.join(', ')}</td>
        <td className="number">{connections}</td>
        <td className="number">{requests || (lookups === 0 ? 0 : `${lookups} lookups`)}</td>
        <td className="number">{allowed}</td>
        <td className={denied > 0 ? 'number bad' : 'number'}>{denied > 0 ? `✗ ${denied}` : 0}</td>
        <td className="number">{bytesText(bytesIn)}</td>
        <td className="number">{bytesText(bytesOut)}</td>
        <td>{tlsText(host)}</td>
        <td>{new Date(last).toLocaleTimeString()}</td>
      </tr>
      {isOpen && (
        <tr>
          <td colSpan={TITLES.length}>
            <HostParticulars host={host} />
          </td>
        </tr>
      )}
    </>
  );
}

interface Search {
  readonly host?: string;
  readonly denied?: boolean;
}

export function NetworkScreen(): ReactNode {
  const { session = '' } = useParams({ strict: false });
  const search = useSearch({ strict: false }) as Readonly<Record<string, unknown>>;
  const navigate = useNavigate();
  const { history, model, state } = useHistory(session, () => new Hosts());
  const filter = {
    text: search['host'] === undefined ? '' : String(search['host']),
    isDeniedOnly: search['denied'] === true,
  };
  // A version that is drawn while nothing more urgent is: a busy session does not hold up typing.
  const version = useDeferredValue(state.version);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the hosts change in place, and the version says so
  const hosts = useMemo(() => model.list(), [model, version]);
  const shown = hosts.filter((host) => isHostShown(host, filter));
  const change = (text: string, isDeniedOnly: boolean): void => {
    const next: Search = { ...(text !== '' && { host: text }), ...(isDeniedOnly && { denied: true }) };
    void navigate({ to: '.', search: next as never, replace: true });
  };
  return (
    <>
      <h1>Network</h1>
      <HistoryStatus session={session} history={history} state={state} />
      <search className="network-filter">
        <label>
          Host, path or reason{' '}
          <input
            type="search"
            value={filter.text}
            onChange={(event) => change(event.target.value, filter.isDeniedOnly)}
          />
        </label>
        <label>
          <input
            type="checkbox"
            checked={filter.isDeniedOnly}
            onChange={(event) => change(filter.text, event.target.checked)}
          />{' '}
          Refused only
        </label>
        <output>
          {shown.length} of {hosts.length} hosts
        </output>
      </search>
      {model.leftOut > 0 && (
        <p className="warn">
          Only the first {HOSTS_MAX.toLocaleString()} hosts are shown; {model.leftOut.toLocaleString()} events concern
          others.
        </p>
      )}
      {!state.isLoading && hosts.length === 0 && <p>This session asked for nothing on a network so far.</p>}
      {shown.length > 0 && (
        <Scroll label="Table of hosts">
          <table>
            <thead>
              <tr>
                {TITLES.map((title) => (
                  <th key={title} scope="col">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((host) => (
                <Fragment key={host.key}>
                  <HostLine host={host} />
                </Fragment>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </>
  );
}
