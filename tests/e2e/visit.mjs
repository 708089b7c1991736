// What every journey needs: the site, and a page that is open on it. Node runs each file of journeys in a process of its own;
// the journeys of a file share a browser, and each has a fresh profile in it.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after } from "node:test";
import { fileURLToPath } from "node:url";

import { browserName, cannotPrefer, launch } from "./browser.mjs";
import { serve } from "./serve.mjs";
import { Visitor } from "./visitor.mjs";

const pictures = fileURLToPath(new URL("../../test-results/journeys/", import.meta.url));

let shared;

/** The browser of this file's journeys. One that a journey has crashed is started again for the next. */
async function browser() {
  if (!shared?.connected) shared = await launch();
  return shared;
}

after(() => shared?.close());

/**
 * Opens the site for one journey and closes it again. Whatever the journey does, the page must not have complained:
 * no exception, no `console.error`, no request that failed.
 * A journey that fails leaves a picture in test-results/journeys.
 * @param {import("node:test").TestContext} test the journey
 * @param {(visit: Visitor) => Promise<void>} journey
 * @param {{base?: string, width?: number, height?: number, scheme?: "light" | "dark", pace?: number}} options where the site
 *   stands, what the visitor's screen is like, and how much faster than the journey's the page's clock runs
 */
export async function visit(test, journey, { base = "/", width = 1280, height = 800, scheme = "light", pace = 1 } = {}) {
  const profile = await (await browser()).createBrowserContext();
  const page = await profile.newPage();
  const site = await serve({ base, before: page.before });
  try {
    // Waits end when they are true: only a journey that fails is held up by patience, and a busy machine needs it.
    page.setDefaultTimeout(60_000);
    await page.setViewport({ width, height });
    const visit = new Visitor(page, site.url);
    if (!cannotPrefer) await visit.prefer(scheme);
    if (pace !== 1) await visit.hasten(pace);
    try {
      await visit.open();
      await journey(visit);
      await visit.listen();
      assert.equal(visit.complaints.length, 0, `the page complained: ${visit.complaints.join("\n")}`);
    } catch (failure) {
      mkdirSync(pictures, { recursive: true });
      const name = test.name.replaceAll(/\W+/g, "-");
      await page.screenshot({ path: `${pictures}${name}-${browserName}.png` }).catch(() => {});
      throw failure;
    }
  } finally {
    // What has crashed cannot be closed, and that is not what the journey failed of.
    await profile.close().catch(() => {});
    await site.close();
  }
}
