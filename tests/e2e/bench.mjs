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
  await reportTyping();
} finally {
  await browser.close();
  await site.close();
}

/** From the start of navigation until the app has mounted, each time in a fresh page. */
async function timesOfLoading() {
  const times = [];
  for (let run = 0; run < loads; run += 1) {
    const page = await browser.newPage();
    // Measured by the page's own clock, which starts with the navigation: the driver's way of waiting is not in it.
    await page.evaluateOnNewDocument(() => {
      new MutationObserver((_, observer) => {
        if (!document.querySelector("main")) return;
        globalThis.mountedAt = performance.now();
        observer.disconnect();
      }).observe(document, { childList: true, subtree: true });
    });
    await page.goto(site.url, { waitUntil: "load" });
    await page.waitForFunction(() => globalThis.mountedAt !== undefined);
    times.push(await page.evaluate(() => globalThis.mountedAt));
    await page.close();
  }
  return times;
}

/**
 * From a key press in the editor until the DOM of the diagram, the element with `data-diagram`, changes. The keys turn a
 * Service's target port from 80 to 800 and back, so each of them breaks or mends a route that the diagram shows.
 */
async function reportTyping() {
  const page = await browser.newPage();
  await page.goto(site.url, { waitUntil: "load" });
  const editor = await page.waitForSelector(".cm-content", { timeout: 5_000 }).catch(() => undefined);
  const diagram = await page.$("[data-diagram]");
  const lines = editor ? await editor.$$(".cm-line") : [];
  const texts = await Promise.all(lines.map((line) => line.evaluate((element) => element.textContent)));
  const line = lines[texts.findIndex((text) => /^\s*(- )?targetPort: \d+$/.test(text))];
  if (!diagram || !line) {
    console.log(`${browserName}: key press to diagram: there is no [data-diagram] yet, or no targetPort in the editor`);
    return;
  }
  await line.click();
  await page.keyboard.press("End");
  await page.evaluate(() => {
    const times = (globalThis.keyToDiagram = []);
    let pressed;
    addEventListener("keydown", () => (pressed = performance.now()), true);
    const changed = () => {
      if (pressed === undefined) return;
      times.push(performance.now() - pressed);
      pressed = undefined;
    };
    const everything = { subtree: true, childList: true, attributes: true, characterData: true };
    new MutationObserver(changed).observe(document.querySelector("[data-diagram]"), everything);
  });
  for (let key = 1; key <= keys; key += 1) {
    await page.keyboard.press(key % 2 ? "0" : "Backspace");
    await page.waitForFunction((key) => globalThis.keyToDiagram.length >= key, { timeout: 5_000 }, key);
  }
  report("key press to diagram", await page.evaluate(() => globalThis.keyToDiagram));
}

function report(what, times) {
  const sorted = times.toSorted((one, other) => one - other);
  const [least, median, most] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  const shown = [median, least, most].map((time) => time.toFixed(1));
  console.log(`${browserName}: ${what}: median ${shown[0]} ms (${shown[1]} to ${shown[2]}, ${times.length} runs)`);
}
