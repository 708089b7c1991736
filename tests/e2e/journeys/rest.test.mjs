// The program comes in two parts: the first view stands before the rest arrives, and what is done meanwhile is not lost.

import assert from "node:assert/strict";
import { test } from "node:test";

import { noBarriers } from "../axe.mjs";
import { browserName } from "../browser.mjs";
import { press } from "../hands.mjs";
import { visit } from "../visit.mjs";
import { STANDS } from "../visitor.mjs";

const skip = browserName !== "chromium" && "only Chromium can hold back a single download";

/** Downloads whose address ends so wait for `answer` from now on. */
async function holdBack(visit, end, answer) {
  // What the first visit has kept for visits without a network does not count.
  await visit.page.setBypassServiceWorker(true);
  await visit.page.setRequestInterception(true);
  visit.page.on("request", (request) => {
    if (request.url().endsWith(end)) answer(request);
    else void request.continue();
  });
}

/** An answer to downloads that come when they are told to. */
function late() {
  let arrives;
  const told = new Promise((resolve) => (arrives = resolve));
  return { answer: (request) => void told.then(() => request.continue()), arrives };
}

/** An answer to downloads that fail until the line is mended. */
function broken() {
  let is = true;
  return { answer: (request) => void (is ? request.abort() : request.continue()), mend: () => (is = false) };
}

/** Loads the page again; each download of the rest waits for `answer`. */
async function openWithout(visit, answer) {
  await holdBack(visit, "_rest.wasm", answer);
  await visit.openAtFirst();
}

/** Loads the page as somebody does who has never been here; each download of the program waits for `answer`. */
async function openBeforeProgram(visit, answer) {
  await holdBack(visit, "_bg.wasm", answer);
  await visit.page.evaluate(() => localStorage.clear());
  await visit.page.goto(visit.url, { waitUntil: "domcontentloaded" });
  await visit.page.waitForSelector("body[data-first-view] > main");
}

test("the first view stands before the rest arrives, and what is typed meanwhile is done then", { skip }, (t) =>
  visit(t, async (visit) => {
    const { answer, arrives } = late();
    await openWithout(visit, answer);
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
    const line = broken();
    await openWithout(visit, line.answer);
    await visit.sees("A part of the playground could not be loaded");
    await visit.sees("Service nginx-service: 1 endpoint, ready.");
    await press(visit, "button", "Scenes");
    visit.complaints.length = 0;
    line.mend();
    await press(visit, "button", "Try again");
    await visit.page.waitForSelector(".gallery li");
  }));

/** Runs in the page: how the rest was fetched; "xmlhttprequest" is the request for which the whole page waits. */
const fetched = () =>
  performance.getEntriesByType("resource").filter(({ name }) => name.endsWith("_rest.wasm")).map((entry) => entry.initiatorType);

test("the rest is at hand before anybody asks for it", (t) =>
  visit(t, async (visit) => {
    await visit.until(() => performance.getEntriesByType("resource").some(({ name }) => name.endsWith("_rest.wasm")));
    await press(visit, "button", "Scenes");
    await visit.page.waitForSelector(".gallery li");
    assert.deepEqual(await visit.page.evaluate(fetched), ["fetch"]);
  }));

test("a page that may need the rest at once waits for it, and keeps no browser waiting", (t) =>
  visit(t, async (visit) => {
    const opens = async (where, text) => {
      // From elsewhere: an address of which only the fragment is another does not load the page again.
      await visit.page.goto("about:blank");
      await visit.open(where);
      await visit.sees(text);
      assert.deepEqual(await visit.page.evaluate(fetched), ["fetch"], where);
    };
    await opens("#scene=ingress-paths", "coffee");
    // What that left is what the next visit begins with.
    await opens("", "coffee");
    await opens("#lesson=ghost-service", "What happens to the call?");
    await opens("?embed=a#lesson=ghost-service", "What happens to the call?");
  }));

test("the first view is there before the program, and what is typed into it is done", { skip }, (t) =>
  visit(t, async (visit) => {
    const { answer, arrives } = late();
    await openBeforeProgram(visit, answer);
    await visit.sees("Service nginx-service");
    await noBarriers(visit, "before the program");
    await visit.focus("#command");
    await visit.type("kubectl get services");
    await visit.press("Enter");
    arrives();
    await visit.sees("CLUSTER-IP");
    assert.equal(await visit.page.evaluate(() => document.activeElement.id), "command");
    assert.equal(await visit.page.evaluate(() => document.querySelectorAll("main").length), 1);
  }));

test("a program that does not arrive is said, and asked for again", { skip }, (t) =>
  visit(t, async (visit) => {
    const line = broken();
    await openBeforeProgram(visit, line.answer);
    await visit.sees("The playground could not be loaded.");
    visit.complaints.length = 0;
    line.mend();
    await press(visit, "button", "Try again");
    await visit.page.waitForSelector(STANDS);
  }));

test("whoever comes back does not see the view of a first visit", (t) =>
  visit(t, async (visit) => {
    await visit.page.evaluate(() => localStorage.setItem("services-playground.language", "tr"));
    await visit.page.goto(visit.url, { waitUntil: "domcontentloaded" });
    assert.equal(await visit.page.evaluate(() => "firstView" in document.body.dataset), false);
    await visit.sees("Sahneler");
  }));

test("an open lesson has the focus at its title when the page is loaded again", (t) =>
  visit(t, async (visit) => {
    const atTitle = () => document.activeElement?.matches("#pane-lesson h2") && document.activeElement.textContent;
    await visit.open("#lesson=ghost-service");
    await visit.until(atTitle);
    await visit.open();
    await visit.until(atTitle);
  }));
