// The program comes in two parts: the first view stands before the rest arrives, and what is done meanwhile is not lost.

import assert from "node:assert/strict";
import { test } from "node:test";

import { browserName } from "../browser.mjs";
import { press } from "../hands.mjs";
import { visit } from "../visit.mjs";

const skip = browserName !== "chromium" && "only Chromium can hold back a single download";

/** Loads the page again; each download of the rest waits for `answer`. */
async function openWithout(visit, answer) {
  // What the first visit has kept for visits without a network does not count.
  await visit.page.setBypassServiceWorker(true);
  await visit.page.setRequestInterception(true);
  visit.page.on("request", (request) => {
    if (request.url().endsWith("_rest.wasm")) answer(request);
    else void request.continue();
  });
  await visit.openAtFirst();
}

test("the first view stands before the rest arrives, and what is typed meanwhile is done then", { skip }, (t) =>
  visit(t, async (visit) => {
    let arrives;
    const held = new Promise((resolve) => (arrives = resolve));
    await openWithout(visit, (request) => void held.then(() => request.continue()));
    await visit.sees("Service nginx-service: 1 endpoint, ready.");
    await visit.focus("#command");
    await visit.type("kubectl get serv");
    await visit.press("Backspace");
    await visit.type("vices");
    await visit.press("Enter");
    await visit.settled();
    assert.doesNotMatch(await visit.text(), /CLUSTER-IP/);
    arrives();
    await visit.sees("CLUSTER-IP");
  }));

test("a rest that does not arrive is said, and asked for again", { skip }, (t) =>
  visit(t, async (visit) => {
    let broken = true;
    await openWithout(visit, (request) => void (broken ? request.abort() : request.continue()));
    await visit.sees("A part of the playground could not be loaded");
    await visit.sees("Service nginx-service: 1 endpoint, ready.");
    await press(visit, "button", "Scenes");
    visit.complaints.length = 0;
    broken = false;
    await press(visit, "button", "Try again");
    await visit.page.waitForSelector(".gallery li");
  }));

test("the rest is at hand before anybody asks for it", (t) =>
  visit(t, async (visit) => {
    const fetched = () =>
      performance.getEntriesByType("resource").filter(({ name }) => name.endsWith("_rest.wasm")).map((entry) => entry.initiatorType);
    await visit.until(() => performance.getEntriesByType("resource").some(({ name }) => name.endsWith("_rest.wasm")));
    await press(visit, "button", "Scenes");
    await visit.page.waitForSelector(".gallery li");
    // Once, and not by the request for which the whole page waits.
    assert.deepEqual(await visit.page.evaluate(fetched), ["fetch"]);
  }));
