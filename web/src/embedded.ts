// The playground's side of a page around it: posts what it tells, hands over what it asks, and says how much room is missing.

import { MARK, read } from "./messages";

/** Begins to listen; returns what tells the page around something, as JSON. */
export function connect(asked: (message: string) => void): (message: string) => void {
  const around = window.parent;
  // Where the playground stands is no secret of the learner's, but only the page that embeds it is told.
  const origin = originOf(document.referrer) ?? "*";
  const post = (message: object) => around === window || around.postMessage({ [MARK]: 1, ...message }, origin);
  addEventListener("message", (event) => {
    if (event.source !== around || around === window) return;
    if (origin !== "*" && event.origin !== origin) return;
    const text = read(event.data);
    if (text !== undefined) asked(text);
  });
  watchRoom((height) => post({ event: "size", detail: { height } }));
  return (message) => post(JSON.parse(message) as object);
}

function originOf(address: string): string | undefined {
  try {
    return address === "" ? undefined : new URL(address).origin;
  } catch {
    return undefined;
  }
}

/** Whether an element lets its content be scrolled. */
function scrolls(part: Element): boolean {
  return ["auto", "scroll"].includes(getComputedStyle(part).overflowY);
}

/** Says which height would show all of a lesson, when something of it is out of sight. */
function watchRoom(say: (height: number) => void): void {
  let said = 0;
  const look = () => {
    const parts = [...document.querySelectorAll("#pane-lesson, #pane-lesson > *")];
    const missing = Math.max(0, ...parts.filter(scrolls).map((part) => part.scrollHeight - part.clientHeight));
    const height = innerHeight + missing;
    if (missing > 0 && height > said) say((said = height));
  };
  let pending = 0;
  const soon = () => {
    cancelAnimationFrame(pending);
    pending = requestAnimationFrame(look);
  };
  // Of the room that was given, only a part goes to the lesson: ask again.
  addEventListener("resize", soon);
  new MutationObserver(soon).observe(document.body, { childList: true, subtree: true, characterData: true });
}
