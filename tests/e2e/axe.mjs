// What axe finds on the page as it is now.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Fails when axe finds a barrier in the view that is open. */
export async function noBarriers(visit, view) {
  if (!(await visit.page.evaluate(() => "axe" in globalThis))) await visit.page.evaluate(`${source};0`);
  // Half faded in, everything is pale.
  await visit.still();
  const { violations } = await visit.page.evaluate(() => globalThis.axe.run());
  const barriers = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html)}`);
  assert.equal(barriers.length, 0, `${view}: ${barriers.join("\n")}`);
}
