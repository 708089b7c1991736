// The manifest editor: CodeMirror, bundled alone so that the page can load it when it is first needed.

import { autocompletion, type CompletionContext, type CompletionResult, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { type Diagnostic, diagnosticCount, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Annotation, EditorSelection, EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  hoverTooltip,
  keymap,
  lineNumbers,
  type Tooltip,
} from "@codemirror/view";

import { type FieldName, summary } from "./documentation";
import { look } from "./look";

/** One thing that is wrong; offsets in UTF-16 units, as everything here counts. */
export interface Problem {
  from: number;
  to: number;
  severity: "error" | "warning" | "info";
  message: string;
  hint: string;
  /** The change that mends it, where there is one. */
  fix: Fix | null;
}

/** A change that mends a problem. */
export interface Fix extends Change {
  title: string;
}

/** Something to put in place of a part of the text. */
export interface Change {
  from: number;
  to: number;
  insert: string;
}

/** What the session knows of a place of the text, and what its keys ask for; offsets count from the start of the text. */
export interface Assistant {
  complete(text: string, offset: number): { from: number; choices: Choice[] } | null;
  hover(text: string, offset: number): { from: number; to: number; title: string; field: FieldName } | null;
  ask(what: "apply" | "format"): void;
}

/** Something that the text could go on with. */
interface Choice {
  label: string;
  detail: string;
  insert: string;
  field: FieldName | null;
}

/** Marks changes that came from the page and so need not be told to it. */
const fromPage = Annotation.define<boolean>();

/** The editor as the page uses it: one file at a time, each with its own undo. Before anything else it is opened. */
export class ManifestEditor {
  #view!: EditorView;
  readonly #first: EditorState;
  readonly #extensions: Extension;
  /** The files that are not shown, as they were left. */
  readonly #left = new Map<number, EditorState>();
  #file: number;

  constructor(
    file: number,
    text: string,
    attributes: Record<string, string>,
    changed: (text: string) => void,
    assistant: Assistant,
  ) {
    const ask = (what: "apply" | "format") => () => {
      assistant.ask(what);
      return true;
    };
    this.#file = file;
    this.#extensions = [
      lineNumbers(),
      lintGutter(),
      highlightActiveLineGutter(),
      highlightActiveLine(),
      history(),
      drawSelection(),
      indentOnInput(),
      indentUnit.of("  "),
      EditorState.tabSize.of(2),
      bracketMatching(),
      highlightSelectionMatches(),
      yaml(),
      autocompletion({ override: [(context) => complete(assistant, context)], icons: false }),
      hoverTooltip((view, offset) => hover(assistant, view.state.doc.toString(), offset)),
      look,
      keymap.of([{ key: "Mod-Enter", run: ask("apply") }, { key: "Shift-Alt-f", run: ask("format") }]),
      // Tab indents; Escape and then Tab leaves the editor, which CodeMirror sees to by itself.
      keymap.of([...completionKeymap, ...searchKeymap, ...historyKeymap, ...lintKeymap, ...defaultKeymap, indentWithTab]),
      EditorView.contentAttributes.of({ ...attributes, tabindex: "0", spellcheck: "false", autocapitalize: "off" }),
      EditorView.updateListener.of((update) => {
        const ours = update.transactions.every((transaction) => transaction.annotation(fromPage));
        if (update.docChanged && !ours) changed(update.state.doc.toString());
      }),
    ];
    this.#first = this.#stateOf(text);
  }

  /** Puts the editor into the page. Apart from the constructor, so that a page can do something in between: both take a while. */
  open(parent: HTMLElement): void {
    this.#view = new EditorView({ parent, state: this.#first });
  }

  #stateOf(text: string): EditorState {
    return EditorState.create({ doc: text, extensions: this.#extensions });
  }

  /** Shows a file with this text; where it had another one, undo brings that back. */
  show(file: number, text: string): void {
    if (file !== this.#file) {
      this.#left.set(this.#file, this.#view.state);
      this.#view.setState(this.#left.get(file) ?? this.#stateOf(text));
      this.#file = file;
    }
    const { doc } = this.#view.state;
    if (doc.toString() === text) return;
    this.#view.dispatch({ changes: { from: 0, to: doc.length, insert: text }, annotations: fromPage.of(true) });
  }

  /** Shows these problems and no others. */
  setProblems(problems: Problem[]): void {
    // What an editor needs to show problems it gets with the first one: that takes a while.
    if (problems.length === 0 && diagnosticCount(this.#view.state) === 0) return;
    const end = this.#view.state.doc.length;
    const shown = problems.map((problem): Diagnostic => {
      const from = Math.min(problem.from, end);
      const to = Math.min(Math.max(problem.to, from), end);
      const { severity, message, hint, fix } = problem;
      const actions = fix ? [{ name: fix.title, apply: () => this.change([fix]) }] : [];
      return { from, to, severity, message, renderMessage: () => explanation(message, hint), actions };
    });
    this.#view.dispatch(setDiagnostics(this.#view.state, shown));
  }

  /** Changes parts of the text, as if it had been typed: one undo takes it back. */
  change(changes: Change[]): void {
    const end = this.#view.state.doc.length;
    const inside = changes.map(({ from, to, insert }) => ({ from: Math.min(from, end), to: Math.min(to, end), insert }));
    this.#view.dispatch({ changes: inside, scrollIntoView: true, userEvent: "input" });
  }

  /** Selects a part of the text, brings it into view and takes the focus there. */
  reveal(from: number, to: number): void {
    const end = this.#view.state.doc.length;
    const range = EditorSelection.range(Math.min(from, end), Math.min(to, end));
    this.#view.dispatch({ selection: range, effects: EditorView.scrollIntoView(range, { y: "center" }) });
    this.#view.focus();
  }

  /** Takes the focus. */
  focus(): void {
    this.#view.focus();
  }

  /** Whether it has the focus. */
  hasFocus(): boolean {
    return this.#view.hasFocus;
  }

  /** Removes it from the page. */
  destroy(): void {
    this.#view.destroy();
  }
}

function complete(assistant: Assistant, context: CompletionContext): CompletionResult | null {
  const line = context.state.doc.lineAt(context.pos);
  const typed = line.text.slice(0, context.pos - line.from).trim();
  // An empty line gets its choices when asked (Ctrl-Space): a list that opens by itself would be in the way.
  if (!context.explicit && (typed === "" || typed === "-")) return null;
  const found = assistant.complete(context.state.doc.toString(), context.pos);
  if (!found) return null;
  // Nothing is left to choose where the word stands already: Enter has to begin the next line.
  if (found.choices[0]?.insert === context.state.sliceDoc(found.from, context.pos)) return null;
  const options = found.choices.map(({ label, detail, insert, field }, index) => ({
    label,
    detail,
    apply: insert,
    boost: -index,
    ...(field && { info: () => summary(field).then(paragraph) }),
  }));
  return { from: found.from, options, filter: false };
}

async function hover(assistant: Assistant, text: string, offset: number): Promise<Tooltip | null> {
  const found = assistant.hover(text, offset);
  if (!found) return null;
  const words = await summary(found.field);
  return {
    pos: found.from,
    end: found.to,
    above: true,
    create: () => {
      const dom = document.createElement("div");
      dom.className = "field-help";
      const title = dom.appendChild(document.createElement("p"));
      title.className = "problem-message";
      title.textContent = found.title;
      dom.append(paragraph(words));
      return { dom };
    },
  };
}

function paragraph(words: string): Node {
  const node = document.createElement("p");
  node.className = "problem-hint";
  node.textContent = words;
  return node;
}

/** What the tooltip of a problem shows: kubectl's words, and below them what to do. */
function explanation(message: string, hint: string): Node {
  const box = document.createElement("div");
  const words = box.appendChild(document.createElement("p"));
  words.className = "problem-message";
  words.textContent = message;
  if (hint) {
    const help = box.appendChild(document.createElement("p"));
    help.className = "problem-hint";
    help.textContent = hint;
  }
  return box;
}
