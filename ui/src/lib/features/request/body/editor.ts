/** The text editor; loaded only when a body is shown. */
import { autocompletion, closeBrackets, closeBracketsKeymap, type CompletionContext } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { xml } from '@codemirror/lang-xml';
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from '@codemirror/language';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Annotation, Compartment, EditorState, type Extension } from '@codemirror/state';
import {
  Decoration,
  drawSelection,
  EditorView,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  MatchDecorator,
  ViewPlugin,
  type DecorationSet,
  type ViewUpdate,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { VariableFact } from '../facts';

/** Languages that the editor knows. */
export type EditorLanguage = 'json' | 'xml' | 'text';

interface Options {
  parent: HTMLElement;
  value: string;
  label: string;
  language: EditorLanguage;
  variables: () => VariableFact[];
  onchange: (value: string) => void;
  onformat: () => void;
}

/** An editor on the page. */
export interface Editor {
  /** Takes over a text that did not come from the editor. */
  show: (value: string) => void;
  speak: (language: EditorLanguage) => void;
  focus: () => void;
  destroy: () => void;
}

const fromOutside = Annotation.define<boolean>();

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.tagName], color: 'var(--json-key)' },
  { tag: [tags.string, tags.attributeValue], color: 'var(--json-string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--json-number)' },
  { tag: tags.attributeName, color: 'var(--json-number)' },
  { tag: [tags.comment, tags.punctuation, tags.bracket, tags.angleBracket], color: 'var(--muted)' },
]);

const theme = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'transparent', color: 'var(--text)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { font: '400 12px / 19px var(--mono)', fontVariantLigatures: 'none' },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--text)' },
  '.cm-line': { padding: '0 12px 0 6px' },
  '.cm-gutters': { backgroundColor: 'transparent', border: '0', color: 'var(--muted)' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '32px', padding: '0 4px 0 8px' },
  '.cm-activeLineGutter': { backgroundColor: 'transparent', color: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'color-mix(in srgb, var(--accent) 28%, transparent)',
  },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--accent-soft)' },
  '.cm-variable, .cm-variable span': { color: 'var(--accent-ink)' },
  '.cm-variable': { borderRadius: '3px', backgroundColor: 'var(--accent-soft)' },
  '.cm-foldPlaceholder': { border: '0', backgroundColor: 'var(--sunk)', color: 'var(--muted)' },
  '.cm-panels': { backgroundColor: 'var(--panel)', color: 'var(--text)' },
  '.cm-panels.cm-panels-bottom': { borderTop: '1px solid var(--line)' },
  '.cm-textfield, .cm-button': {
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--radius)',
    background: 'var(--raised)',
    fontSize: '12px',
  },
  '.cm-searchMatch': { backgroundColor: 'var(--warn-soft)' },
  '.cm-tooltip': {
    overflow: 'hidden',
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--radius-large)',
    backgroundColor: 'var(--raised)',
    boxShadow: 'var(--shadow)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { font: '400 12px / 19px var(--mono)', padding: '4px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 8px', borderRadius: '5px' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '600' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent-soft)', color: 'var(--text)' },
  '.cm-completionDetail': { color: 'var(--muted)', fontStyle: 'normal' },
});

const variableMarks = new MatchDecorator({
  regexp: /\{\{\s*[^{}\s][^{}]*\}\}/g,
  decoration: Decoration.mark({ class: 'cm-variable' }),
});

const markVariables = ViewPlugin.fromClass(
  class {
    marks: DecorationSet;
    constructor(view: EditorView) {
      this.marks = variableMarks.createDeco(view);
    }
    update(update: ViewUpdate) {
      this.marks = variableMarks.updateDeco(update, this.marks);
    }
  },
  { decorations: (plugin) => plugin.marks },
);

const languages: Record<EditorLanguage, () => Extension> = { json, xml: () => xml(), text: () => [] };

/** Puts an editor on the page. */
export function openEditor(options: Options): Editor {
  const language = new Compartment();
  const complete = (context: CompletionContext) => {
    const open = context.matchBefore(/\{\{[^{}]*/);
    if (!open) return null;
    const closed = /^[^{}\n]*\}\}/.exec(context.state.sliceDoc(context.pos, context.pos + 80));
    return {
      from: open.from,
      to: closed ? context.pos + closed[0].length : context.pos,
      options: options.variables().map(({ name, value, secret }) => ({
        label: `{{${name}}}`,
        detail: secret ? 'secret' : value,
      })),
    };
  };
  const view = new EditorView({
    parent: options.parent,
    state: EditorState.create({
      doc: options.value,
      extensions: [
        lineNumbers(),
        highlightActiveLineGutter(),
        foldGutter({ openText: '▾', closedText: '▸' }),
        history(),
        drawSelection(),
        indentUnit.of('  '),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        highlightSelectionMatches(),
        search({ top: false }),
        autocompletion({ override: [complete], icons: false }),
        markVariables,
        syntaxHighlighting(colours),
        theme,
        EditorView.contentAttributes.of({ 'aria-label': options.label, spellcheck: 'false' }),
        language.of(languages[options.language]()),
        keymap.of([
          { key: 'Shift-Alt-f', run: () => (options.onformat(), true) },
          ...closeBracketsKeymap,
          ...defaultKeymap.filter((binding) => binding.key !== 'Mod-Enter'),
          ...searchKeymap,
          ...historyKeymap,
          ...foldKeymap,
          indentWithTab,
        ]),
        EditorView.updateListener.of((update) => {
          const outside = update.transactions.some((transaction) => transaction.annotation(fromOutside));
          if (update.docChanged && !outside) options.onchange(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    show(value) {
      const former = view.state.doc.toString();
      if (value === former) return;
      view.dispatch({
        changes: { from: 0, to: former.length, insert: value },
        annotations: fromOutside.of(true),
      });
    },
    speak: (next) => view.dispatch({ effects: language.reconfigure(languages[next]()) }),
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}
