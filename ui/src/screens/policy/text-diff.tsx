// Two texts in, their lines with what was taken out and put in marked, out.
import { unifiedMergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { type ReactNode, useEffect, useRef } from 'react';
import { openEditor, READING } from './editor.tsx';

interface TextDiffProps {
  readonly before: string;
  readonly after: string;
  /** Said to who does not see it. */
  readonly label: string;
}

export function TextDiff({ before, after, label }: TextDiffProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const extensions = [
      READING,
      EditorState.readOnly.of(true),
      EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0', 'aria-readonly': 'true' }),
      unifiedMergeView({
        original: before.replace(/\r\n?/g, '\n'),
        mergeControls: false,
        collapseUnchanged: { margin: 2, minSize: 6 },
      }),
    ];
    const view = openEditor(host.current as HTMLElement, EditorState.create({ doc: after, extensions }));
    return () => view.destroy();
  }, [before, after, label]);
  return <div className="policy-text-diff" ref={host} />;
}
