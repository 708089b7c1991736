// Fetches the rest of the program once the first view stands, and keeps what the visitor does until it is there.
//
// `web/scripts/parts.mjs` writes where the rest is before this text, and has wasm-bindgen's script call `programRest`.

import { bar, inPageLanguage } from "./bar";
import { finder } from "./finder";
import { held } from "./held";

/** What parts.mjs says of the rest: its address relative to this script, and the sum of it. */
declare const REST: { address: string; integrity: string };

/** What first-view.ts shows until the program's own page stands. */
declare global {
  var firstView: Element[] | undefined;
}

/** The exports of the first part. */
type First = WebAssembly.Exports & { restReady: WebAssembly.Global };

const words = {
  en: {
    missing: "A part of the playground could not be loaded. What you did since is kept.",
    none: "The playground could not be loaded.",
    again: "Try again",
  },
  tr: {
    missing: "Playground'un bir parçası yüklenemedi. O zamandan beri yaptıklarınız saklanıyor.",
    none: "Playground yüklenemedi.",
    again: "Yeniden dene",
  },
};

const address = new URL(REST.address, import.meta.url);
const visitor = held();

let first: First;
let bytes: ArrayBuffer | undefined;
let loading = false;
let arrived = false;
let stands = false;
let tellBegun: () => void;
const begun = new Promise<void>((resolve) => (tellBegun = resolve));
let tellWhole: () => void;
const whole = new Promise<void>((resolve) => (tellWhole = resolve));

Object.assign(globalThis, {
  programRest: {
    /** Whether all of the program is there. */
    get arrived(): boolean {
      return arrived;
    },
    /** The first part is there, and makes its page. */
    begin(exports: First): void {
      first = exports;
      tellBegun();
    },
    /**
     * Until when the program is not to make its page. That of a first visit needs the first part alone; any other may need
     * all of it, and whoever calls something that is not there has the whole browser wait (`now` below).
     */
    ready(): Promise<void> {
      return globalThis.firstView ? Promise.resolve() : whole;
    },
    /** The program's page is made, and takes the place of the first view; whoever was at an element is at the same one. */
    stand(page: DocumentFragment): void {
      const focused = document.activeElement && finder(document.activeElement as HTMLElement);
      for (const element of globalThis.firstView ?? []) element.remove();
      document.body.append(page);
      delete document.body.dataset["firstView"];
      if (document.activeElement === document.body) focused?.()?.focus({ preventScroll: true });
      stands = true;
      release();
      // What is to be painted comes first.
      setTimeout(load);
    },
    /** Something of the rest is called: all waits for it. So rarely, and so briefly, that nothing else is worth its room. */
    now(): void {
      join(new WebAssembly.Module(bytes ?? fetchedNow()));
    },
  },
});

if (!globalThis.firstView && typeof WebAssembly === "object") void load();

for (const type of ["error", "unhandledrejection"]) addEventListener(type, failed, true);

/** Says that no program comes: what stands there is only the look of one. A program that broke says so itself. */
function failed({ target }: Event): void {
  const matters = target === globalThis || target instanceof HTMLScriptElement;
  if (stands || !matters || document.getElementById("panic")) return;
  const text = inPageLanguage(words);
  bar("no-program", text.none, { [text.again]: () => location.reload() });
}

async function load(): Promise<void> {
  if (loading) return;
  loading = true;
  try {
    const answer = await fetch(address, { integrity: REST.integrity });
    if (!answer.ok) throw new Error(`${answer.status}: ${address}`);
    bytes = await answer.arrayBuffer();
    const rest = await WebAssembly.compile(bytes);
    await begun;
    join(rest);
  } catch (why) {
    console.warn(why);
    loading = false;
    const text = inPageLanguage(words);
    if (!arrived) bar("no-rest", stands ? text.missing : text.none, { [text.again]: () => void load() });
  }
}

/** Has the rest put its functions into the table of the first part: once. */
function join(rest: WebAssembly.Module): void {
  if (arrived) return;
  new WebAssembly.Instance(rest, { first });
  arrived = true;
  bytes = undefined;
  first.restReady.value = 1;
  tellWhole();
  release();
}

/** All of the program is there, and its page: what the visitor did can be done. */
function release(): void {
  // Not in the middle of a call.
  if (arrived && stands) setTimeout(() => visitor.release());
}

function fetchedNow(): Uint8Array<ArrayBuffer> {
  const request = new XMLHttpRequest();
  request.open("GET", address, false);
  // The one way to read bytes while all waits: each as a letter.
  request.overrideMimeType("text/plain; charset=x-user-defined");
  request.send();
  if (request.status !== 200) throw new Error(`${request.status}: ${address}`);
  return Uint8Array.from(request.responseText, (letter) => letter.charCodeAt(0));
}
