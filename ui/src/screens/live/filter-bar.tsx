// What the address asks to see in; fields that change it out.
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { isTyping } from '../../app/keys.ts';
import type { Outcome } from '../../journal/row.ts';
import { printable } from '../../parts/printable.ts';
import type { Live } from './use-live.ts';

const ACTIONS = [
  'FileOpenReadOnly',
  'FileWrite',
  'FileCreate',
  'FileDelete',
  'FileRename',
  'FileLink',
  'FileSetAttr',
  'ProcessExec',
  'NetConnect',
  'HttpRequest',
  'DnsResolve',
  'HttpRewrite',
  'SecretUse',
  'McpCall',
  'SystemCall',
  'ResourceLimit',
  'PolicyLoad',
] as const;

const OUTCOMES: readonly Outcome[] = ['allowed', 'denied', 'would deny'];

/** `d` shows denials only, or all again; `/` goes to the text. */
function useFilterKeys({ search, change }: Live, text: RefObject<HTMLInputElement | null>): void {
  const isDenied = search.verdict === 'denied';
  useEffect(() => {
    let before = '';
    const pressed = (event: KeyboardEvent): void => {
      const isSecond = before === 'g';
      before = event.key;
      // `g` and a letter leads to a screen.
      if (isSecond || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === 'd') change({ verdict: isDenied ? undefined : 'denied' });
      else if (event.key === '/') text.current?.focus();
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, [change, isDenied, text]);
}

export function FilterBar({ live }: { readonly live: Live }): ReactNode {
  const { search, change } = live;
  const field = useRef<HTMLInputElement>(null);
  useFilterKeys(live, field);
  const { verdict, action, text, pid, call } = search;
  // The address follows a moment later than the keys: it must not take back what was typed meanwhile.
  const [typed, setTyped] = useState(text ?? '');
  useEffect(() => {
    if (document.activeElement !== field.current) setTyped(text ?? '');
  }, [text]);
  const isFiltered = [verdict, action, text, pid, call].some((part) => part !== undefined);
  return (
    <search className="live-filters">
      <select
        aria-label="Verdict"
        value={verdict ?? ''}
        onChange={({ target }) => change({ verdict: OUTCOMES.find((each) => each === target.value) })}
      >
        <option value="">Every verdict</option>
        {OUTCOMES.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
      <select
        aria-label="Action"
        value={action ?? ''}
        onChange={({ target }) => change({ action: target.value === '' ? undefined : target.value })}
      >
        <option value="">Every action</option>
        {action !== undefined && !ACTIONS.some((each) => each === action) && <option>{printable(action)}</option>}
        {ACTIONS.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
      <input
        ref={field}
        type="search"
        aria-label="Text in path, host or program"
        placeholder="path, host or program  ( / )"
        value={typed}
        onChange={({ target }) => {
          setTyped(target.value);
          change({ text: target.value === '' ? undefined : target.value });
        }}
      />
      {pid !== undefined && (
        <button type="button" onClick={() => change({ pid: undefined })}>
          process {pid} ✕<span className="hidden"> show all processes</span>
        </button>
      )}
      {call !== undefined && (
        <button type="button" onClick={() => change({ call: undefined })}>
          call {printable(call)} ✕<span className="hidden"> show all calls</span>
        </button>
      )}
      {isFiltered && (
        <button
          type="button"
          onClick={() =>
            change({ verdict: undefined, action: undefined, text: undefined, pid: undefined, call: undefined })
          }
        >
          Show all
        </button>
      )}
    </search>
  );
}
