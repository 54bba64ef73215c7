// The variables of theme.css in, the look of the editor out: light and dark come from them.
import { syntaxTree } from '@codemirror/language';
import { type Extension, RangeSetBuilder } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';

const LOOK = EditorView.theme({
  '&': { backgroundColor: 'var(--ground)', color: 'var(--text)', height: '100%', fontSize: '13px' },
  // Drawn around the host: gutters would cover it here.
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'ui-monospace, monospace', lineHeight: '1.5' },
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': { backgroundColor: 'var(--raised)', color: 'var(--quiet)', borderRight: '1px solid var(--line)' },
  '.cm-activeLineGutter': { backgroundColor: 'var(--line)', color: 'var(--text)' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--raised) 50%, transparent)' },
  '& .cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 28%, var(--ground))',
  },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--line)', color: 'var(--text)' },
  '.cm-tooltip': { backgroundColor: 'var(--raised)', color: 'var(--text)', border: '1px solid var(--line)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--accent)',
    color: 'var(--ground)',
  },
  '.cm-completionDetail': { color: 'inherit', fontStyle: 'normal', opacity: '1' },
  '.cm-completionInfo': { maxWidth: 'min(40ch, 80vw)' },
  '.cm-word-doc': { maxWidth: 'min(60ch, 85vw)', padding: '0.4rem 0.6rem', whiteSpace: 'normal' },
  '.cm-word-doc p': { margin: '0.15rem 0' },
  '.cm-unseen': { color: 'var(--bad)', border: '1px solid var(--bad)', borderRadius: '2px' },
  '.cm-diagnostic': { fontFamily: 'inherit' },
  '.cm-lintRange-error': { backgroundImage: 'none', textDecoration: 'underline wavy var(--bad)' },
  '.cm-lintRange-info': { backgroundImage: 'none', textDecoration: 'underline dotted var(--warn)' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--bad)' },
  '.cm-diagnostic-info': { borderLeftColor: 'var(--warn)' },
  '.cm-changedLine, .cm-insertedLine': { backgroundColor: 'color-mix(in srgb, var(--good) 12%, var(--ground))' },
  '.cm-deletedChunk': { backgroundColor: 'color-mix(in srgb, var(--bad) 12%, var(--ground))', paddingLeft: '6px' },
  '.cm-changedText, .cm-insertedLine .cm-changedText': {
    background: 'color-mix(in srgb, var(--good) 20%, var(--ground))',
  },
  '.cm-deletedChunk .cm-deletedText': { background: 'color-mix(in srgb, var(--bad) 20%, var(--ground))' },
  '.cedar-keyword': { color: 'var(--accent)', fontWeight: '600' },
  '.cedar-atom': { color: 'var(--accent)' },
  '.cedar-meta': { color: 'var(--warn)' },
  '.cedar-string, .cedar-number': { color: 'var(--good)' },
  '.cedar-comment': { color: 'var(--quiet)', fontStyle: 'italic' },
  '.cedar-typeName': { color: 'var(--bad)' },
  '.cedar-variableName': { fontWeight: '600' },
  '.cm-collapsedLines': { background: 'var(--raised)', color: 'var(--text)' },
  // The signs there by default are in few fonts.
  '.cm-collapsedLines::before, .cm-collapsedLines::after': { content: '"⋯"' },
});

/** By the names that `cedarToken` gives. */
const KINDS = ['keyword', 'atom', 'meta', 'string', 'number', 'comment', 'typeName', 'variableName'];
const MARKS = new Map(KINDS.map((kind) => [kind, Decoration.mark({ class: `cedar-${kind}` })]));

function marksOf({ state, visibleRanges }: EditorView): DecorationSet {
  const marks = new RangeSetBuilder<Decoration>();
  for (const { from, to } of visibleRanges) {
    syntaxTree(state).iterate({
      from,
      to,
      enter: (node) => {
        const mark = MARKS.get(node.name);
        if (mark !== undefined && node.from < node.to) marks.add(node.from, node.to, mark);
      },
    });
  }
  return marks.finish();
}

const COLOURS = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = marksOf(view);
    }

    update(update: ViewUpdate): void {
      const isParsed = syntaxTree(update.startState) !== syntaxTree(update.state);
      if (update.docChanged || update.viewportChanged || isParsed) this.decorations = marksOf(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

export const LOOKS: Extension = [LOOK, COLOURS];
