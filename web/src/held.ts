// Keeps what a visitor does before the program can answer, and does it again, in order, when it can.

import { finder } from "./finder";

/** What is kept; `release` does it and lets everything through from then on. */
export interface Held {
  release(): void;
}

/** What is kept to be done again. */
const KEPT = ["keydown", "beforeinput", "input", "change", "click", "dblclick", "submit", "paste"] as const;
/** What means nothing later: where the pointer was, and what only goes with what is kept. */
const DROPPED = ["keyup", "pointermove", "pointerover", "pointerout", "mousemove", "mouseover", "mouseout", "wheel", "contextmenu"];

/** Begins to keep. */
export function held(): Held {
  const acts: (() => void)[] = [];
  const keep = (event: Event): void => {
    if (passes(event)) return;
    const act = again(event);
    if (act === "native") return;
    event.stopImmediatePropagation();
    if (act) acts.push(act);
  };
  const drop = (event: Event): void => {
    if (!passes(event)) event.stopImmediatePropagation();
  };
  const listen = (change: "addEventListener" | "removeEventListener"): void => {
    for (const type of KEPT) globalThis[change](type, keep, true);
    for (const type of DROPPED) globalThis[change](type, drop, true);
  };
  listen("addEventListener");
  return {
    release() {
      listen("removeEventListener");
      for (const act of acts) act();
    },
  };
}

/** What a script does is a part of what has been let through; and a bar of ours, or what is said of a crash, needs no program. */
function passes({ isTrusted, target }: Event): boolean {
  return !isTrusted || (target instanceof Element && target.closest(".notice-bar, #panic") !== null);
}

/** How to do it again; `native` for what the browser does without the program, nothing for what has been done. */
function again(event: Event): (() => void) | "native" | undefined {
  const target = event.target as HTMLElement;
  const found = finder(target);
  const later = (act: (target: HTMLElement) => void) => (): void => {
    const target = found();
    if (target) act(target);
  };
  if (event instanceof KeyboardEvent) {
    const native = event.isComposing || event.metaKey || /^(Control|Shift|Alt|Meta|F\d+)$/.test(event.key);
    if (native || (event.key === "Tab" && !writable(target))) return "native";
    event.preventDefault();
    return later((target) => press(target, event));
  }
  if (event instanceof InputEvent && event.type === "beforeinput") {
    // From a screen's keyboard, which presses no keys. While a word is being composed it cannot be kept.
    const text = event.data ?? event.dataTransfer?.getData("text/plain");
    if (!event.cancelable || !text) return "native";
    event.preventDefault();
    return later((target) => write(target, text));
  }
  if (event instanceof ClipboardEvent) {
    const text = event.clipboardData?.getData("text/plain");
    event.preventDefault();
    return later((target) => {
      if (text) write(target, text);
    });
  }
  if (event instanceof SubmitEvent) {
    event.preventDefault();
    const submitter = event.submitter && finder(event.submitter);
    return later((target) => (target as HTMLFormElement).requestSubmit(submitter?.()));
  }
  if (event.type === "click" || event.type === "dblclick") event.preventDefault();
  return later((target) => void target.dispatchEvent(repeated(event)));
}

/** The same event once more, as a script's. */
function repeated(event: Event): Event {
  return new (event.constructor as new (type: string, like: Event) => Event)(event.type, event);
}

/** A key, and what the browser does of itself when the program leaves it alone. */
function press(target: HTMLElement, event: KeyboardEvent): void {
  focus(target);
  if (!target.dispatchEvent(repeated(event))) return;
  if (event.key === "Tab") leave(target, event.shiftKey);
  else if (!writable(target)) {
    if (/^( |Enter)$/.test(event.key) && target.matches("a, button, summary, input")) target.click();
  } else if (event.key === "Backspace") document.execCommand("delete");
  else if (event.key === "Enter") enter(target);
  else if (event.key.length === 1 && !event.ctrlKey && !event.altKey) document.execCommand("insertText", false, event.key);
}

function enter(target: HTMLElement): void {
  if (target instanceof HTMLInputElement) target.form?.requestSubmit();
  else document.execCommand("insertText", false, "\n");
}

/** Goes to the next place that takes the focus, or back to the one before. */
function leave(target: HTMLElement, back: boolean): void {
  const stops = document.querySelectorAll<HTMLElement>("a, button, input, select, summary, textarea, [contenteditable], [tabindex]");
  const around = [...stops].filter((stop) => stop.tabIndex >= 0 && !stop.matches(":disabled, [inert] *") && stop.checkVisibility());
  around[around.indexOf(target) + (back ? -1 : 1)]?.focus();
}

function write(target: HTMLElement, text: string): void {
  focus(target);
  document.execCommand("insertText", false, text);
}

function focus(target: HTMLElement): void {
  if (document.activeElement !== target) target.focus();
}

/** Whether one writes into it. */
function writable(target: HTMLElement): boolean {
  if (target instanceof HTMLInputElement) return !/^(button|checkbox|file|radio|range|reset|submit)$/.test(target.type);
  return target.isContentEditable || target instanceof HTMLTextAreaElement;
}
