// Shows what a first visit sees before the program is there: index.html carries that page, made by the program itself when the site
// was built (web/scripts/first-view.mjs). Whoever comes back, or follows a link, waits for a page of their own instead.

/** Under which the program keeps what a visitor did and chose (src/effects/storage.rs); work inside of other pages is kept apart. */
const KEPT = /^services-playground(?!\.(embed\.|theme$))/;
/** The languages that the program speaks beside English. */
const OTHERS = /^tr\b/;

declare global {
  /** Until when the program is not to be loaded; there is none where there is no first view. */
  var painted: Promise<void> | undefined;
}

/** The longest that a first view is waited for, in ms: a page in the background is never painted. */
const PAINTED_WITHIN = 1000;

const [wide, narrow] = document.querySelectorAll<HTMLTemplateElement>("#first-view-wide, #first-view-narrow");
if (wide && isFirst()) {
  // A phone's diagram is arranged otherwise.
  if (narrow && matchMedia("(width < 640px)").matches) wide.content.querySelector("[data-diagram]")?.replaceWith(narrow.content);
  show(wide.content);
}

/** Whether the program would begin as it did when the site was built. */
function isFirst(): boolean {
  if (typeof WebAssembly !== "object" || location.hash.length > 1 || OTHERS.test(navigator.language)) return false;
  if (new URLSearchParams(location.search).has("embed")) return false;
  try {
    return !Object.keys(localStorage).some((key) => KEPT.test(key));
  } catch {
    // A browser that keeps nothing: every visit is the first.
    return true;
  }
}

function show(content: DocumentFragment): void {
  Object.assign(globalThis, { firstView: [...content.children] });
  document.body.append(content);
  // The style sheet and the journeys tell by it that this is not the program yet.
  document.body.dataset["firstView"] = "";
  globalThis.painted = new Promise((resolve) => {
    setTimeout(resolve, PAINTED_WITHIN);
    // The frame is painted after what is asked for in it, before anything else.
    requestAnimationFrame(() => setTimeout(resolve));
  });
}

export {};
