// The course pages of examples/, as their tools have built them: an exercise is passed inside each. E2E_EXAMPLES is the folder
// with a folder for each tool; `cargo xtask examples` builds them and comes here.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { frame, pass } from "./frames.mjs";
import { serve } from "./serve.mjs";
import { visit } from "./visit.mjs";

const folder = process.env.E2E_EXAMPLES;
if (!folder) throw new Error("E2E_EXAMPLES is not set: run this through cargo xtask examples");

/** Writes the address of the site under test where the example has its own. */
function addressed(root, site) {
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !/\.(html|js)$/.test(file)) continue;
    const text = readFileSync(file, "utf8");
    if (text.includes("https://playground.example/")) writeFileSync(file, text.replaceAll("https://playground.example/", site));
  }
}

for (const tool of readdirSync(folder)) {
  test(`an exercise is passed in a course page made with ${tool}`, (t) =>
    visit(t, async (visit) => {
      const root = mkdtempSync(join(tmpdir(), `${tool}-`));
      cpSync(join(folder, tool), root, { recursive: true });
      addressed(root, visit.url);
      const host = await serve({ root });
      try {
        await visit.page.goto(`${host.url}${tool === "mdbook" ? "nowhere.html" : ""}`, { waitUntil: "load" });
        await visit.page.waitForSelector("services-playground");
        await visit.page.evaluate(() => document.addEventListener("passed", (event) => (globalThis.passed = event.detail)));
        await pass(visit, await frame(visit, 0));
        await visit.until(() => globalThis.passed);
        const { object } = await visit.page.evaluate(() => globalThis.passed);
        assert.match(object.id, /#lesson=ghost-service$/);
        // What the tools' own pages miss here (fonts of a theme, say) is not the playground's.
        visit.complaints.length = 0;
      } finally {
        await host.close();
        rmSync(root, { recursive: true });
      }
    }));
}
