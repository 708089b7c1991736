// How fast the page is: from navigation to interactive, also on a slow processor; from a key press in the editor to the new
// diagram, with few pods and with a thousand; and how smoothly twenty packets travel.
// Medians of several runs on this machine; no verdict, because machines differ.

import { browserName, launch } from "./browser.mjs";
import { serve } from "./serve.mjs";
import { STANDS } from "./visitor.mjs";

const loads = 9;
const keys = 30;

const site = await serve();
const browser = await launch();
try {
  report("load to interactive", await timesOfLoading());
  // Only Chromium can pretend to be slow.
  if (browserName === "chromium") report("load to interactive, processor slowed down 4 times", await timesOfLoading(4));
  await reportTyping("key press to diagram");
  await reportTyping("key press to diagram with 1,000 pods", 1000);
  await reportFlights();
} finally {
  await browser.close();
  await site.close();
}

/** From the start of navigation until the app has mounted, each time in a fresh page. */
async function timesOfLoading(slower = 1) {
  const times = [];
  for (let run = 0; run < loads; run += 1) {
    const page = await browser.newPage();
    if (slower > 1) await page.emulateCPUThrottling(slower);
    // Measured by the page's own clock, which starts with the navigation: the driver's way of waiting is not in it.
    await page.evaluateOnNewDocument((stands) => {
      new MutationObserver((_, observer) => {
        if (!document.querySelector(stands)) return;
        globalThis.mountedAt = performance.now();
        observer.disconnect();
      }).observe(document, { childList: true, subtree: true });
    }, STANDS);
    await page.goto(site.url, { waitUntil: "load" });
    await page.waitForFunction(() => globalThis.mountedAt !== undefined);
    times.push(await page.evaluate(() => globalThis.mountedAt));
    await page.close();
  }
  return times;
}

/** A page of which the program stands. */
async function opened() {
  const page = await browser.newPage();
  // So wide that editor, diagram and terminal are there together.
  await page.setViewport({ width: 1280, height: 800 });
  await page.goto(site.url, { waitUntil: "load" });
  await page.waitForSelector(STANDS);
  return page;
}

/**
 * From a key press in the editor until the DOM of the diagram, the element with `data-diagram`, changes. The keys turn a
 * Service's target port from 80 to 800 and back, so each of them breaks or mends a route that the diagram shows.
 */
async function reportTyping(what, pods = 0) {
  const page = await opened();
  if (pods) await crowd(page, pods);
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
  report(what, await page.evaluate(() => globalThis.keyToDiagram));
  await page.close();
}

/** Makes so many pods, and waits until the nodes have taken as many as they can. */
async function crowd(page, pods) {
  await page.waitForSelector("#command");
  await page.focus("#command");
  await page.keyboard.type(`kubectl create deployment many --image=nginx --replicas=${pods}`);
  await page.keyboard.press("Enter");
  await page.select(".time select", "20×");
  const counted = (pods) => {
    const counts = [...document.querySelectorAll(".crowd .cover")].map((crowd) => Number(/^\d+/.exec(crowd.ariaLabel)));
    return counts.reduce((sum, count) => sum + count, 0) >= pods;
  };
  await page.waitForFunction(counted, { timeout: 300_000, polling: 500 }, pods);
  await new Promise((resolve) => setTimeout(resolve, 20_000));
  await page.select(".time select", "1×");
  await new Promise((resolve) => setTimeout(resolve, 2_000));
}

/** The time from frame to frame while twenty packets are under way. */
async function reportFlights() {
  const page = await opened();
  const button = await page.waitForSelector("::-p-aria(Send a request)");
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  await button.click();
  await page.evaluate(() => {
    const [from, , times] = document.querySelectorAll("form.ask select");
    for (const [select, value] of [[from, [...from.options].find(({ value }) => value.startsWith("pod"))?.value], [times, "100 ×"]]) {
      select.value = value;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }
    document.querySelector("form.ask").requestSubmit();
  });
  await page.waitForSelector(".route.many");
  const frames = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const times = [];
        let last;
        const frame = (now) => {
          if (last !== undefined) times.push(now - last);
          last = now;
          if (times.length < 180) requestAnimationFrame(frame);
          else resolve(times);
        };
        requestAnimationFrame(frame);
      }),
  );
  report("from frame to frame with 20 packets", frames);
  const late = frames.filter((time) => time > 1000 / 60 + 8).length;
  console.log(`${browserName}: frames that came late with 20 packets: ${late} of ${frames.length}`);
  await page.close();
}

function report(what, times) {
  const sorted = times.toSorted((one, other) => one - other);
  const [least, median, most] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  const shown = [median, least, most].map((time) => time.toFixed(1));
  console.log(`${browserName}: ${what}: median ${shown[0]} ms (${shown[1]} to ${shown[2]}, ${times.length} runs)`);
}
