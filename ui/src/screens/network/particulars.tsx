// A host in; what was asked of it, with the answers, and why some of it was refused, out.
import type { ReactNode } from 'react';
import { printable } from '../../parts/printable.ts';
import { type HostRow, PATHS_MAX } from './hosts.ts';

function Paths({ host }: { readonly host: HostRow }): ReactNode {
  if (host.paths.length === 0) return null;
  return (
    <>
      <table>
        <caption>Requests</caption>
        <thead>
          <tr>
            {['Method', 'Path', 'Status', 'Times', 'Denied'].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {host.paths.map(({ method, path, status, count, denied }) => (
            <tr key={`${method} ${status ?? ''} ${path}`}>
              <td>{printable(method)}</td>
              <td className="network-path">{printable(path)}</td>
              <td className="number">{status ?? 'no answer'}</td>
              <td className="number">{count}</td>
              <td className={denied > 0 ? 'number bad' : 'number'}>{denied}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {host.isPathsCut && <p className="warn">Only the first {PATHS_MAX} different requests are listed.</p>}
    </>
  );
}

function Refusals({ host }: { readonly host: HostRow }): ReactNode {
  if (host.refusals.length === 0) return null;
  return (
    <ul aria-label="Refusals" className="network-refusals">
      {host.refusals.map(({ why, action, count, isEnforced }) => (
        <li key={`${action} ${isEnforced} ${why}`}>
          <span className={isEnforced ? 'bad' : 'warn'}>{isEnforced ? '✗ denied' : '! would deny'}</span> {count} ×{' '}
          {action}: {printable(why)}
        </li>
      ))}
    </ul>
  );
}

export function HostParticulars({ host }: { readonly host: HostRow }): ReactNode {
  const { paths, refusals, lookups } = host;
  return (
    <div className="network-particulars">
      <Refusals host={host} />
      <Paths host={host} />
      {paths.length === 0 && refusals.length === 0 && (
        <p className="quiet">
          {lookups > 0 ? 'Its name was looked up.' : 'It was not spoken to in HTTP: bytes were relayed as they are.'}
        </p>
      )}
    </div>
  );
}
