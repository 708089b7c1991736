// The manifest editor: CodeMirror, bundled alone so that the page can load it when it is first needed.

import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Annotation, EditorSelection, EditorState } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";

import { look } from "./look";

/** One thing that is wrong; offsets in UTF-16 units, as everything here counts. */
export interface Problem {
  from: number;
  to: number;
  severity: "error" | "warning" | "info";
  message: string;
  hint: string;
}

/** Marks changes that came from the page and so need not be told to it. */
const fromPage = Annotation.define<boolean>();

/** The editor as the page uses it. */
export class ManifestEditor {
  readonly #view: EditorView;

  constructor(parent: HTMLElement, text: string, label: string, changed: (text: string) => void) {
    this.#view = new EditorView({
      parent,
      state: EditorState.create({
        doc: text,
        extensions: [
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
          look,
          // Tab indents; Escape and then Tab leaves the editor, which CodeMirror sees to by itself.
          keymap.of([...searchKeymap, ...historyKeymap, ...lintKeymap, ...defaultKeymap, indentWithTab]),
          EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0", spellcheck: "false", autocapitalize: "off" }),
          EditorView.updateListener.of((update) => {
            const ours = update.transactions.every((transaction) => transaction.annotation(fromPage));
            if (update.docChanged && !ours) changed(update.state.doc.toString());
          }),
        ],
      }),
    });
  }

  /** Puts another text in place of all of it; undo brings the old one back. */
  setText(text: string): void {
    const changes = { from: 0, to: this.#view.state.doc.length, insert: text };
    this.#view.dispatch({ changes, annotations: fromPage.of(true) });
  }

  /** Shows these problems and no others. */
  setProblems(problems: Problem[]): void {
    const end = this.#view.state.doc.length;
    const shown = problems.map((problem): Diagnostic => {
      const from = Math.min(problem.from, end);
      const to = Math.min(Math.max(problem.to, from), end);
      const { severity, message, hint } = problem;
      return { from, to, severity, message, renderMessage: () => explanation(message, hint) };
    });
    this.#view.dispatch(setDiagnostics(this.#view.state, shown));
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
