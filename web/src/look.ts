// How the editor looks: the page's own colours, which are dark or light by themselves.

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "transparent", fontSize: "var(--size-code)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-code)", lineHeight: "1.6", overflow: "auto" },
  ".cm-content": { caretColor: "var(--ink)", paddingBlock: "var(--space-2)" },
  ".cm-gutters": { color: "var(--ink-quiet)", backgroundColor: "var(--surface-raised)", border: "none" },
  ".cm-lineNumbers .cm-gutterElement": { paddingInline: "var(--space-2) var(--space-1)", minWidth: "2.5em" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--line-active)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--selection)",
  },
  ".cm-selectionMatch": { backgroundColor: "var(--line-active)", outline: "1px solid var(--rule)" },
  ".cm-tooltip, .cm-panels": {
    color: "var(--ink)",
    backgroundColor: "var(--surface-raised)",
    border: "1px solid var(--rule)",
    borderRadius: "var(--radius)",
    maxWidth: "min(36rem, 90vw)",
  },
  ".cm-panels": { borderRadius: "0", maxWidth: "none" },
  ".cm-panel input, .cm-panel button": { font: "inherit", backgroundImage: "none" },
  ".cm-diagnostic": { padding: "var(--space-2) var(--space-3)", borderLeftWidth: "3px" },
  ".cm-diagnosticAction": { font: "inherit", color: "var(--ink)", backgroundColor: "var(--surface)", border: "1px solid var(--rule)", borderRadius: "var(--radius)" },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "var(--font-code)", maxHeight: "16rem" },
  ".cm-tooltip-autocomplete > ul > li": { paddingBlock: "2px" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--selection)", color: "var(--ink)" },
  ".cm-completionDetail": { color: "var(--ink-quiet)", fontStyle: "normal", marginInlineStart: "1em" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "bold" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--bad)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--waiting)" },
});

const colours = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: "var(--syntax-key)" },
  { tag: [tags.string, tags.content], color: "var(--ink)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--syntax-value)" },
  { tag: tags.comment, color: "var(--ink-quiet)", fontStyle: "italic" },
  { tag: [tags.separator, tags.punctuation, tags.meta], color: "var(--ink-quiet)" },
]);

/** The theme and the colours of YAML. */
export const look = [theme, syntaxHighlighting(colours)];
