// How fast the page is: from navigation to interactive, and from a key press in the editor to the new diagram.
// Medians of several runs on this machine; no verdict, because machines differ.

import { browserName, launch } from "./browser.mjs";
import { serve } from "./serve.mjs";

const loads = 9;
const keys = 30;

const site = await serve();
const browser = await launch();
try {
  report("load to interactive", await timesOfLoading());
  const page = await browser.newPage();
  await page.goto(site.url, { waitUntil: "load" });
  await page.waitForSelector("main");
  const editor = await page.waitForSelector(editorSelector(), { timeout: 5_000 }).catch(() => undefined);
  const diagram = editor && (await page.$("[data-diagram]"));
  if (diagram) report("key press to diagram", await timesOfTyping(page, editor));
  else console.log(`${browserName}: key press to diagram: the page has no editor or no [data-diagram] yet`);
} finally {
  await browser.close();
  await site.close();
}

/** CodeMirror's text, or a plain text area while it loads. */
function editorSelector() {
  return ".cm-content, textarea[data-editor]";
}

/** From the start of navigation until the app has mounted, each time in a fresh page. */
async function timesOfLoading() {
  const times = [];
  for (let run = 0; run < loads; run += 1) {
    const page = await browser.newPage();
    await page.goto(site.url, { waitUntil: "load" });
    await page.waitForSelector("main");
    // The page's own clock: nothing of the driver's way of waiting is in it but the last poll, one frame.
    times.push(await page.evaluate(() => performance.now()));
    await page.close();
  }
  return times;
}

/**
 * From a key press in the editor until the diagram's DOM changes. Each key changes a label's value in the manifest, so
 * that the diagram has something to show; a key after which nothing changes within a second is an error.
 */
async function timesOfTyping(page, editor) {
  await editor.focus();
  await page.evaluate(() => {
    const times = (globalThis.keyToDiagram = []);
    let pressed;
    addEventListener("keydown", () => (pressed = performance.now()), true);
    new MutationObserver(() => {
      if (pressed === undefined) return;
      times.push(performance.now() - pressed);
      pressed = undefined;
    }).observe(document.querySelector("[data-diagram]"), { subtree: true, childList: true, attributes: true, characterData: true });
  });
  for (let key = 1; key <= keys; key += 1) {
    await page.keyboard.press(key % 2 ? "x" : "Backspace");
    await page.waitForFunction((key) => globalThis.keyToDiagram.length >= key, { timeout: 1_000 }, key);
  }
  return page.evaluate(() => globalThis.keyToDiagram);
}

function report(what, times) {
  const sorted = times.toSorted((one, other) => one - other);
  const [least, median, most] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  const shown = [median, least, most].map((time) => time.toFixed(1));
  console.log(`${browserName}: ${what}: median ${shown[0]} ms (${shown[1]} to ${shown[2]}, ${times.length} runs)`);
}
