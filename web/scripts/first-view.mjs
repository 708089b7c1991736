// What a first visit sees before the program is there: `node first-view.mjs PROGRAM SCREEN` runs the program, of which PROGRAM
// is what its files begin with, on a document of its own, where nothing is painted, and prints the page that it makes; for a
// narrow SCREEN only the diagram, which is arranged otherwise there. web/src/first-view.ts says when that is shown.

import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

import { Window } from "happy-dom";

/** The room that the diagram has, in CSS pixels. */
const ROOMS = { wide: { clientWidth: 900, clientHeight: 440 }, narrow: { clientWidth: 366, clientHeight: 440 } };

const [program, screen] = process.argv.slice(2);
const room = ROOMS[screen];
if (!room) throw new Error("say what the program's files begin with, and for which screen: node first-view.mjs PROGRAM wide (or narrow)");

/** Tells of that room at once, where a browser would measure. */
class Measured {
  constructor(tell) {
    this.tell = tell;
  }
  observe(element) {
    for (const [side, length] of Object.entries(room)) Object.defineProperty(element, side, { value: length });
    this.tell();
  }
  disconnect() {}
}

const made = becomePage();
const { default: begin } = await import(pathToFileURL(`${program}.js`));
await begin({ module_or_path: moduleOf("bg") });
writeFileSync(1, written(await made));
// Its clock would tick on.
process.exit();

/** Makes this process an empty page, and waits for what the program puts into it. */
function becomePage() {
  const window = new Window({ url: "http://localhost/" });
  for (const key of Object.getOwnPropertyNames(window)) if (!(key in globalThis)) globalThis[key] = window[key];
  Object.assign(globalThis, { window, self: window, ResizeObserver: Measured });
  define("navigator", window.navigator);
  // It is always the same moment: equal sources make equal sites.
  define("performance", { now: () => 0, timeOrigin: 0 });
  return new Promise((stand, fail) => {
    setTimeout(() => fail(new Error("the program made no page within a minute")), 60_000);
    let first;
    define("programRest", {
      begin: (exports) => void (first = exports),
      // A first view should do without the rest, and need not.
      now() {
        new WebAssembly.Instance(moduleOf("rest"), { first });
        first.restReady.value = 1;
      },
      stand,
    });
  });

  /** As a global, whichever of the two the program asks. */
  function define(name, value) {
    for (const global of [globalThis, window]) Object.defineProperty(global, name, { value });
  }
}

function moduleOf(part) {
  return new WebAssembly.Module(readFileSync(`${program}_${part}.wasm`));
}

/** The page as HTML, or its diagram. */
function written(page) {
  // Only a property in a document.
  for (const area of page.querySelectorAll("textarea")) area.textContent = area.value;
  const drawing = page.querySelector("[data-diagram]");
  // No larger than it is, and as small as the screen that it is shown on; style/diagram.css does the rest.
  const [, , width, height] = drawing.getAttribute("viewBox").split(" ");
  drawing.setAttribute("style", `max-inline-size:${width}px;max-block-size:${height}px`);
  const body = document.createElement("body");
  body.append(screen === "narrow" ? drawing : page);
  return body.innerHTML.replaceAll("<!---->", "");
}
