// What every journey needs: the site, a page that is open on it, and the words in which people speak of a page.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { browserName, launch } from "./browser.mjs";
import { serve } from "./serve.mjs";

const pictures = fileURLToPath(new URL("../../test-results/journeys/", import.meta.url));

/**
 * Opens the site for one journey and closes it again. Whatever the journey does, the page must not have complained:
 * no exception, no `console.error`, no request that failed.
 * A journey that fails leaves a picture in test-results/journeys.
 * @param {import("node:test").TestContext} test the journey
 * @param {(visit: Visit) => Promise<void>} journey
 * @param {{base?: string, width?: number, height?: number, scheme?: "light" | "dark"}} options where the site stands and
 *   what the visitor's screen is like
 */
export async function visit(test, journey, { base = "/", width = 1280, height = 800, scheme = "light" } = {}) {
  const site = await serve({ base });
  const browser = await launch();
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(15_000);
    await page.setViewport({ width, height });
    const visit = new Visit(page, site.url);
    if (browserName === "chromium") await visit.prefer(scheme);
    try {
      await visit.open();
      await journey(visit);
      assert.deepEqual(visit.complaints, [], "the page complained");
    } catch (failure) {
      mkdirSync(pictures, { recursive: true });
      const name = test.name.replaceAll(/\W+/g, "-");
      await page.screenshot({ path: `${pictures}${name}-${browserName}.png` }).catch(() => {});
      throw failure;
    }
  } finally {
    await browser.close();
    await site.close();
  }
}

/** A visitor's view of the open page. */
export class Visit {
  constructor(page, url) {
    /** The puppeteer page, for what has no word here. */
    this.page = page;
    this.url = url;
    /** What the page complained about so far. */
    this.complaints = [];
    page.on("pageerror", (error) => this.complaints.push(`exception: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(`console.error: ${message.text()}`);
    });
    page.on("requestfailed", (request) => this.complaints.push(`request failed: ${request.url()}`));
    page.on("response", (response) => {
      if (response.status() >= 400) this.complaints.push(`${response.status()}: ${response.url()}`);
    });
  }

  /** Loads the page, or loads it again, and waits until the app has mounted. */
  async open(fragment = "") {
    await this.page.goto(this.url + fragment, { waitUntil: "load" });
    await this.page.waitForSelector("main");
  }

  /** Sets what the visitor's system prefers. */
  async prefer(scheme) {
    await this.page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  }

  /** The element with this role and accessible name, as assistive technology finds it; waits until it is there. */
  role(role, name) {
    return this.page.waitForSelector(`::-p-aria(${name ? `[name="${name}"]` : ""}[role="${role}"])`);
  }

  /** Waits until the page's visible text has these words. */
  async sees(words) {
    await this.page
      .waitForFunction((words) => document.body.innerText.includes(words), {}, words)
      .catch(async () => assert.fail(`${JSON.stringify(words)} never appeared in:\n${await this.text()}`));
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
