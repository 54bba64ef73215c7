// An act that cannot be taken back in; it is done when a person says so, having read what happens, out.
import { type ReactNode, useLayoutEffect, useRef } from 'react';
import './confirm.css';

interface Confirmed {
  readonly title: string;
  readonly children: ReactNode;
  /** Of the button that does it. */
  readonly word: string;
  readonly isBusy?: boolean;
  readonly onConfirm: () => void;
  readonly onLeave: () => void;
}

/** Modal: the browser keeps the focus inside, and Escape leaves. The first focus is on the way out. */
export function Confirm({ title, children, word, isBusy = false, onConfirm, onLeave }: Confirmed): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    // Closed while it is still in the page: so the focus goes back to where it was.
    return () => shown?.close();
  }, []);
  return (
    <dialog ref={dialog} className="confirm" aria-labelledby="confirm-title" onClose={onLeave}>
      <h2 id="confirm-title">{title}</h2>
      {children}
      <div className="confirm-choices">
        <button type="button" onClick={onLeave}>
          Leave it
        </button>
        <button type="button" className="primary" disabled={isBusy} onClick={onConfirm}>
          {word}
        </button>
      </div>
    </dialog>
  );
}
