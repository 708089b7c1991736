// The words in which people speak of a page: what is there by role and name, what can be read, what is pressed.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

// Reckons roles and names in the page, the same way in every browser: Firefox's own search by role takes seconds.
const library = createRequire(import.meta.url).resolve("@testing-library/dom/dist/@testing-library/dom.umd.min.js");
const roles = readFileSync(library, "utf8");

/** What a page has once the program has made it; what stands there before is the first view that index.html carries. */
export const STANDS = "body:not([data-first-view]) > main";

/** How often a wait looks again, in milliseconds. Each look costs the page time in which it could get on. */
const LOOK_AGAIN = 50;

/** A visitor's view of the open page. */
export class Visitor {
  constructor(page, url) {
    /** The puppeteer page, for what has no word here. */
    this.page = page;
    this.url = url;
    /** What the page complained about so far. */
    this.complaints = [];
    if (page.heard) return;
    page.on("pageerror", (error) => this.complaints.push(`exception: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(`console.error: ${message.text()}`);
    });
    page.on("requestfailed", (request) => {
      // What is still under way when a page or a frame is left or loaded again is broken off, and nobody misses it.
      const why = request.failure()?.errorText ?? "";
      if (!/ABORTED|context already closed/.test(why)) this.complaints.push(`request failed: ${request.url()}: ${why}`);
    });
    page.on("response", (response) => {
      if (response.status() >= 400) this.complaints.push(`${response.status()}: ${response.url()}`);
    });
  }

  /** Loads the page, or loads it again, and waits until the app has mounted and is all there. */
  async open(fragment = "") {
    await this.openAtFirst(fragment);
    await this.until(() => globalThis.programRest?.arrived ?? true);
  }

  /** Loads the page, and waits for its first view only. */
  async openAtFirst(fragment = "") {
    await this.listen();
    await this.page.goto(this.url + fragment, { waitUntil: "load" });
    await this.page.waitForSelector(STANDS);
  }

  /** Asks a browser that tells nothing by itself what the page complained about. */
  async listen() {
    for (const { event, text } of (await this.page.heard?.()) ?? []) this.complaints.push(`${event}: ${text}`);
  }

  /** Sets what the visitor's system prefers. */
  async prefer(scheme) {
    await this.page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  }

  /**
   * From the next time that it is opened, the page's clock runs so many times faster: what waits for pods need not be
   * waited for. Only for journeys that are not about time.
   */
  async hasten(pace) {
    await this.page.evaluateOnNewDocument((pace) => {
      const now = performance.now.bind(performance);
      performance.now = () => now() * pace;
      const wait = globalThis.setTimeout.bind(globalThis);
      globalThis.setTimeout = (then, millis, ...rest) => wait(then, (millis ?? 0) / pace, ...rest);
    }, pace);
  }

  /** Waits until something of the page is so, and returns what it is. `is` runs in the page. */
  until(is, ...rest) {
    return this.page.waitForFunction(is, { polling: LOOK_AGAIN }, ...rest);
  }

  /** Asks again until `check` no longer fails: many things are so a moment after the key. */
  async eventually(check) {
    const patience = Date.now() + this.page.getDefaultTimeout();
    for (;;) {
      try {
        return await check();
      } catch (failure) {
        if (Date.now() > patience) throw failure;
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
    }
  }

  /**
   * Waits for the page's next frame: what the last key left for it, such as moving the focus, is done then. No person is quick
   * enough to come in between.
   */
  settled() {
    return this.page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
  }

  /** Waits until what moves or fades by itself, and not for ever, has arrived. */
  still() {
    return this.until(() => {
      const ends = ({ effect }) => effect?.getComputedTiming().endTime !== Infinity;
      return !document.getAnimations().some((animation) => animation.playState === "running" && ends(animation));
    });
  }

  /** Gives the focus to the first element that a selector means; waits until it is there. */
  focus(selector) {
    return this.#focus(selector, () => this.page.waitForSelector(selector));
  }

  /** Gives the focus to what has this role and accessible name; waits until it is there. */
  reach(role, name) {
    return this.#focus(`${role} ${name}`, () => this.role(role, name));
  }

  async #focus(what, find) {
    const patience = Date.now() + this.page.getDefaultTimeout();
    do {
      await this.settled();
      const found = await find();
      // The page may have drawn it anew in between. Puppeteer's own focuses HTML only, and boxes of the diagram are SVG.
      const has = await found.evaluate((element) => (element.focus(), element === document.activeElement));
      if (has) return found;
    } while (Date.now() < patience);
    return assert.fail(`${what} never took the focus`);
  }

  /**
   * The element with this role and accessible name that assistive technology would find; waits until it is there.
   * What is hidden, inert or behind an open dialog is not.
   */
  async role(role, name) {
    await this.settled();
    if (!(await this.page.evaluate(() => "TestingLibraryDom" in globalThis))) await this.page.evaluate(roles);
    const found = await this.until(
      (role, name) => {
        const dialog = [...document.querySelectorAll(":modal")].at(-1);
        return globalThis.TestingLibraryDom.queryAllByRole(document.body, role, { name }).find(
          (element) => element.checkVisibility() && !element.closest("[inert]") && (dialog?.contains(element) ?? true),
        );
      },
      role,
      name,
    ).catch(async () => assert.fail(`no ${role} named ${JSON.stringify(name)} ever appeared in:\n${await this.text()}`));
    return found.asElement();
  }

  /** Waits until the page's visible text has these words. */
  async sees(words) {
    await this.until((words) => document.body.innerText.includes(words), words).catch(async () =>
      assert.fail(`${JSON.stringify(words)} never appeared in:\n${await this.text()}`),
    );
  }

  /** The page's visible text. */
  text() {
    return this.page.evaluate(() => document.body.innerText);
  }

  /** Types where the focus is. */
  type(text) {
    return this.page.keyboard.type(text);
  }

  /** Presses one key, or several held together: `press("Control", "z")`. */
  async press(...keys) {
    const last = keys.pop();
    for (const key of keys) await this.page.keyboard.down(key);
    await this.page.keyboard.press(last);
    for (const key of keys.reverse()) await this.page.keyboard.up(key);
  }
}
