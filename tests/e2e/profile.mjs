// Which functions of the program a first view needs: opens the traced site (`cargo xtask split-list`) and writes the number of each
// function that ran before anybody did anything. Whoever comes back waits for all of the program (web/src/rest.ts).

import { writeFileSync } from "node:fs";

import { launch } from "./browser.mjs";
import { serve } from "./serve.mjs";
import { STANDS } from "./visitor.mjs";

/** How long the page is looked at, in milliseconds: pods of the start scene become ready, all comes to rest. */
const look = 20_000;

const ran = new Set();
const site = await serve();
const browser = await launch();
try {
  for (const [width, height] of [[1280, 800], [390, 800]]) {
    const page = await browser.newPage();
    await page.setViewport({ width, height });
    await page.evaluateOnNewDocument(() => {
      // What the published page has: see web/src/rest.ts.
      globalThis.programRest = { stand: (made) => document.body.append(made) };
      const instantiate = WebAssembly.instantiateStreaming;
      WebAssembly.instantiateStreaming = async (...args) => {
        const made = await instantiate(...args);
        globalThis.traced = made.instance.exports;
        return made;
      };
    });
    await page.goto(site.url, { waitUntil: "load" });
    await page.waitForSelector(STANDS);
    const tools = await page.createCDPSession();
    for (let looked = 0; looked < look; looked += 1_000) {
      // What a browser drops ends in the program, whenever that browser finds the time.
      await tools.send("HeapProfiler.collectGarbage");
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
    for (const number of await page.evaluate(numbers)) ran.add(number);
    console.log(`${width} wide: ${ran.size} functions ran`);
    await page.close();
  }
} finally {
  await browser.close();
  await site.close();
}
writeFileSync(process.argv[2], [...ran].join("\n"));

/** The functions that ran, as the traced module exports them. */
function numbers() {
  const noted = Object.entries(globalThis.traced).filter(([name, note]) => name.startsWith("ran ") && note.value === 1);
  return noted.map(([name]) => Number(name.slice(4)));
}
