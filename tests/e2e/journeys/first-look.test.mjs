// A visitor opens the page and looks around.

import assert from "node:assert/strict";
import { test } from "node:test";

import { noBarriers } from "../axe.mjs";
import { visit } from "../visit.mjs";

test("the page opens with its title and nothing in the console", (t) =>
  visit(t, async (visit) => {
    assert.equal(await visit.page.title(), "Services Playground");
    await visit.role("heading", "Services Playground");
    await visit.sees("Services Playground");
  }));

test("the same files work below any path", (t) =>
  visit(
    t,
    async (visit) => {
      assert.match(await visit.page.url(), /\/courses\/services\/$/);
      await visit.role("heading", "Services Playground");
    },
    { base: "/courses/services/" },
  ));

test("axe finds no barrier", (t) =>
  visit(t, async (visit) => {
    await noBarriers(visit, "at first");
  }));
