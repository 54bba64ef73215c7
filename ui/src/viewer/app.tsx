// Files chosen or dropped in, the screen out: nothing yet, reading, failed, or a journal.
import { type DragEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { type Journal, openJournal } from '../journal/open.ts';
import { printable } from '../parts/printable.ts';
import { embeddedFiles } from './embedded-files.ts';
import { JournalView } from './journal-view.tsx';

type State =
  | { readonly is: 'empty' }
  | { readonly is: 'reading' }
  | { readonly is: 'failed'; readonly message: string }
  | { readonly is: 'open'; readonly journal: Journal; readonly turn: number };

function Content({ state }: { readonly state: State }): ReactNode {
  switch (state.is) {
    case 'empty':
      return (
        <p>
          Choose the segments of a session, or drop them here: <code>events-000001.jsonl</code> and those after it. Add
          the <code>session.json</code> beside them to check that nothing was cut off. The files stay on this machine.
        </p>
      );
    case 'reading':
      return <p role="status">Reading and verifying…</p>;
    case 'failed':
      return (
        <p className="bad" role="alert">
          ✗ {printable(state.message)}
        </p>
      );
    case 'open':
      return <JournalView key={state.turn} journal={state.journal} />;
  }
}

export function App(): ReactNode {
  const [state, setState] = useState<State>({ is: 'empty' });
  const [isOver, setIsOver] = useState(false);
  const turn = useRef(0);

  async function open(files: readonly File[]): Promise<void> {
    if (files.length === 0) return;
    turn.current += 1;
    const mine = turn.current;
    // Of two openings the later one counts, whichever is read first.
    const show = (next: State): void => {
      if (mine === turn.current) setState(next);
    };
    show({ is: 'reading' });
    try {
      show({ is: 'open', journal: await openJournal(files), turn: mine });
    } catch (error) {
      show({ is: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  }

  // A report carries its journal.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page opens
  useEffect(() => void open(embeddedFiles(document)), []);

  function drop(event: DragEvent): void {
    event.preventDefault();
    setIsOver(false);
    void open([...event.dataTransfer.files]);
  }

  function dragOver(event: DragEvent): void {
    event.preventDefault();
    setIsOver(true);
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the file input is the accessible one
    <div
      className={isOver ? 'page over' : 'page'}
      onDragOver={dragOver}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      <header>
        <h1>Leash journal viewer</h1>
        <label className="button">
          Open files…
          <input
            type="file"
            multiple
            accept=".jsonl,.json"
            onChange={(event) => {
              if (event.target.files !== null) void open([...event.target.files]);
              // The same file chosen again must count as a change.
              event.target.value = '';
            }}
          />
        </label>
      </header>
      <main aria-busy={state.is === 'reading'}>
        <Content state={state} />
      </main>
    </div>
  );
}
