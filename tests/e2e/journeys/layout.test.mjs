// A visitor arranges the page: by keyboard, on a small screen, in the dark.

import assert from "node:assert/strict";
import { test } from "node:test";

import { press } from "../hands.mjs";
import { visit } from "../visit.mjs";

/** The size of a pane in CSS pixels. */
const size = (visit, pane) =>
  visit.page.$eval(`#pane-${pane}`, (pane) => {
    const { width, height } = pane.getBoundingClientRect();
    return { width, height };
  });

/** Waits until of these panes somebody can see and touch just those that should be. */
const shown = (visit, panes) =>
  visit.eventually(async () => {
    const visible = (pane) => pane.checkVisibility({ visibilityProperty: true });
    for (const [pane, want] of Object.entries(panes)) {
      assert.equal(await visit.page.$eval(`#pane-${pane}`, visible), want, `whether ${pane} is shown`);
    }
  });

/** Waits until a pane is the only one that a small screen shows. */
const alone = (visit, pane) => shown(visit, { manifest: false, diagram: false, terminal: false, [pane]: true });

/** Whether nothing scrolls sideways. */
const fits = (visit) => visit.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

test("panes are resized by keyboard, and stay so on the next visit", (t) =>
  visit(t, async (visit) => {
    const bar = await visit.role("separator", "Width of the manifest");
    const value = () => bar.evaluate((bar) => Number(bar.getAttribute("aria-valuenow")));
    const [before, narrow] = [await value(), await size(visit, "manifest")];
    await bar.focus();
    for (const _ of [1, 2, 3]) await visit.press("ArrowRight");
    await visit.eventually(async () => assert.equal(await value(), before + 6));
    const wide = await size(visit, "manifest");
    assert.ok(wide.width > narrow.width + 60, `${narrow.width} -> ${wide.width}`);

    const low = await size(visit, "terminal");
    await visit.reach("separator", "Height of the terminal");
    await visit.press("ArrowUp");
    const high = await visit.eventually(async () => {
      const high = await size(visit, "terminal");
      assert.ok(high.height > low.height + 10, `${low.height} -> ${high.height}`);
      return high;
    });

    await visit.open();
    await visit.eventually(async () =>
      assert.deepEqual([await size(visit, "manifest"), await size(visit, "terminal")], [wide, high]),
    );
  }));

test("a pane is dragged wider by its bar", (t) =>
  visit(t, async (visit) => {
    const before = await size(visit, "manifest");
    const bar = await visit.page.$('[data-split="manifest"]');
    const { x, y, width, height } = await bar.boundingBox();
    const { mouse } = visit.page;
    await mouse.move(x + width / 2, y + height / 2);
    await mouse.down();
    await mouse.move(x + width / 2 + 100, y + height / 2, { steps: 4 });
    await mouse.up();
    await visit.eventually(async () => {
      const after = await size(visit, "manifest");
      assert.ok(Math.abs(after.width - before.width - 100) < 4, `${before.width} -> ${after.width}`);
    });
  }));

test("panes are put away and brought back, and whatever needs one brings it out", (t) =>
  visit(t, async (visit) => {
    await press(visit, "button", "Show the manifest");
    await press(visit, "button", "Show the terminal");
    await shown(visit, { manifest: false, terminal: false });
    await visit.open();
    await shown(visit, { manifest: false, terminal: false });
    await press(visit, "button", "Who reaches what");
    await shown(visit, { terminal: true });
    await press(visit, "button", "Show the manifest");
    await shown(visit, { manifest: true });
  }));

test("on a phone each pane is a tap away, large enough for a finger, and nothing scrolls sideways", (t) =>
  visit(
    t,
    async (visit) => {
      await alone(visit, "diagram");
      for (const name of ["Terminal", "Manifest", "Diagram"]) {
        const tab = await visit.role("button", name);
        const { width, height } = await tab.boundingBox();
        assert.ok(width >= 44 && height >= 44, `${name}: ${width} x ${height}`);
        await tab.click();
        await alone(visit, name.toLowerCase());
        assert.equal(await fits(visit), true, name);
      }
      await (await visit.role("button", "Menu")).click();
      await (await visit.role("button", "Who reaches what")).click();
      await visit.role("table", "What became of a connection from each place to each address");
      await alone(visit, "terminal");
    },
    { width: 390, height: 844 },
  ));

test("at 200 % of a laptop's screen everything is still there", (t) =>
  visit(
    t,
    async (visit) => {
      await shown(visit, { diagram: true });
      const { height } = await size(visit, "diagram");
      assert.ok(height > 200, `the diagram is ${height} high`);
      await (await visit.role("button", "Terminal")).click();
      await shown(visit, { terminal: true });
      assert.equal(await fits(visit), true);
    },
    { width: 720, height: 450 },
  ));

test("the page is dark when that is chosen, and stays so", (t) =>
  visit(t, async (visit) => {
    const surface = () => visit.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await surface();
    await press(visit, "button", "Settings");
    await (await visit.role("radio", "Dark")).press(" ");
    const dark = await visit.eventually(async () => {
      const dark = await surface();
      assert.notEqual(dark, light);
      return dark;
    });
    await visit.press("Escape");
    await visit.open();
    await visit.eventually(async () => assert.equal(await surface(), dark));
  }));
