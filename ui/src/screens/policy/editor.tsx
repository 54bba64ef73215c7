// A policy text in, what a person makes of it out: the editor, in a shadow tree, where its style needs no <style> element (the page permits none).
import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching } from '@codemirror/language';
import { type Diagnostic, forceLinting, linter, lintGutter, lintKeymap } from '@codemirror/lint';
import { Annotation, EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  hoverTooltip,
  keymap,
  lineNumbers,
  type Tooltip,
} from '@codemirror/view';
import { type ReactNode, useEffect, useRef } from 'react';
import type { PolicyWords } from '../../../../src/schema/api.ts';
import { client } from '../../app/client.ts';
import { cedar } from './cedar-language.ts';
import { LOOKS } from './cedar-theme.ts';
import { diagnosticsOf } from './findings.ts';
import { SHOWN } from './unseen.ts';
import { docAt } from './words.ts';

/** Milliseconds without a key before a text is checked. */
const RESTED = 350;
const FROM_OUTSIDE = Annotation.define<true>();

let words: Promise<PolicyWords> | undefined;

async function completed({ state, pos, explicit }: CompletionContext): Promise<CompletionResult | null> {
  const before = state.sliceDoc(Math.max(0, pos - 1), pos);
  if (!explicit && !/[\w@.:"]/.test(before)) return null;
  const answer = await client.completePolicy(state.doc.toString(), pos).catch(() => undefined);
  const { items = [] } = answer ?? {};
  const [first] = items;
  if (first === undefined) return null;
  return {
    from: first.start,
    to: first.end,
    options: items.map(({ label, kind, insertText, doc }) => ({
      label,
      apply: insertText,
      detail: kind,
      ...(doc !== '' && { info: doc }),
    })),
  };
}

async function hovered(view: EditorView, offset: number): Promise<Tooltip | null> {
  words ??= client.policyWords();
  const known = await words.catch(() => undefined);
  if (known === undefined) words = undefined;
  const found = known && docAt(view.state.doc.toString(), offset, known);
  if (found === undefined) return null;
  const create = () => {
    const dom = document.createElement('div');
    dom.className = 'cm-word-doc';
    for (const { name, doc } of found.lines) {
      const line = document.createElement('p');
      const title = document.createElement('strong');
      title.textContent = name;
      line.append(title, ` ${doc}`);
      dom.append(line);
    }
    return { dom };
  };
  return { pos: found.start, end: found.end, above: true, create };
}

/** @param found undefined: it could not be checked */
function checking(session: string, found: (diagnostics: readonly Diagnostic[] | undefined) => void): Extension {
  const check = async (view: EditorView): Promise<readonly Diagnostic[]> => {
    const { doc } = view.state;
    const text = doc.toString();
    const findings = await client.checkPolicy(session, text).catch(() => undefined);
    const diagnostics = findings && diagnosticsOf(text, findings);
    if (view.state.doc === doc) found(diagnostics);
    return diagnostics ?? [];
  };
  return [linter(check, { delay: RESTED }), lintGutter(), hoverTooltip(hovered)];
}

export const READING: Extension = [
  lineNumbers(),
  cedar,
  LOOKS,
  SHOWN,
  EditorView.lineWrapping,
  EditorState.tabSize.of(2),
  // Of the keys of the page, none is an editor's.
  keymap.of(defaultKeymap),
];

const WRITING: Extension = [
  history(),
  drawSelection(),
  highlightActiveLine(),
  bracketMatching(),
  autocompletion({ override: [completed], icons: false }),
  keymap.of([...completionKeymap, ...lintKeymap, ...historyKeymap]),
];

/** The element that the editor is drawn into, and what ends it. */
export function openEditor(host: HTMLElement, state: EditorState): EditorView {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const view = new EditorView({ state, root });
  root.replaceChildren(view.dom);
  return view;
}

interface EditorProps {
  readonly session: string;
  readonly value: string;
  readonly isReadOnly: boolean;
  readonly onChange: (text: string) => void;
  readonly onFindings: (diagnostics: readonly Diagnostic[] | undefined) => void;
  readonly onReady: (view: EditorView) => void;
}

/** What is given for `session` and `isReadOnly` at first stays; a key makes another. */
export function PolicyEditor(props: EditorProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView>(undefined);
  const now = useRef(props);
  now.current = props;
  useEffect(() => {
    const { session, value, isReadOnly } = now.current;
    const told = EditorView.updateListener.of((update) => {
      if (!update.docChanged || update.transactions.some((transaction) => transaction.annotation(FROM_OUTSIDE))) return;
      const text = update.state.doc.toString();
      // The editor knows \n only.
      now.current.onChange(now.current.value.includes('\r\n') ? text.replaceAll('\n', '\r\n') : text);
    });
    const name = EditorView.contentAttributes.of({
      'aria-label': 'Policy text',
      // What scrolls can be reached by keys; that a text can be edited is not enough for all who look for it.
      tabindex: '0',
      ...(isReadOnly && { 'aria-readonly': 'true' }),
    });
    const own = isReadOnly ? EditorState.readOnly.of(true) : [WRITING, told];
    const extensions = [own, checking(session, (found) => now.current.onFindings(found)), READING, name];
    const view = openEditor(host.current as HTMLElement, EditorState.create({ doc: value, extensions }));
    editor.current = view;
    now.current.onReady(view);
    forceLinting(view);
    return () => view.destroy();
  }, []);
  useEffect(() => {
    const view = editor.current;
    const text = props.value.replace(/\r\n?/g, '\n');
    if (view === undefined || view.state.doc.toString() === text) return;
    // One step of the history: undo brings back what stood there.
    view.dispatch({
      changes: { from: 0, to: view.state.doc.length, insert: text },
      annotations: FROM_OUTSIDE.of(true),
    });
  }, [props.value]);
  return <div className="policy-editor" ref={host} />;
}
