// What a page has to stand: a store that is full, closed or damaged; and what everybody needs of it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { noBarriers } from "../axe.mjs";
import { cannotPrefer } from "../browser.mjs";
import { edit, press } from "../hands.mjs";
import { visit } from "../visit.mjs";

test("a damaged store is said and survived, and what it held is not overwritten", (t) =>
  visit(t, async (visit) => {
    await visit.page.evaluate(() => {
      localStorage.clear();
      localStorage.setItem("services-playground", "services-playground 3\nseed x\n");
      localStorage.setItem("services-playground.layout", "-1 99999 x");
      localStorage.setItem("services-playground.theme", "pink");
      localStorage.setItem("services-playground.language", "tlh");
    });
    await visit.open();
    await visit.sees("your last visit could not be brought back: it is damaged");
    await visit.sees("Service nginx-service: 1 endpoint, ready.");
    await edit(visit, "targetPort: 80", "80");
    await visit.sees("nothing listens on 8080");
    await visit.until(() => /seed x/.test(localStorage.getItem("services-playground.unread")));
  }));

test("a full store is said", (t) =>
  visit(t, async (visit) => {
    await visit.page.evaluate(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException("full", "QuotaExceededError");
      };
    });
    await edit(visit, "targetPort: 80", "80");
    await visit.sees("the browser's store is full or closed: your text is not kept");
  }));

test("a denied store is said, and the page works without", (t) =>
  visit(t, async (visit) => {
    await visit.page.evaluateOnNewDocument(() => {
      Object.defineProperty(globalThis, "localStorage", {
        get() {
          throw new DOMException("denied", "SecurityError");
        },
      });
    });
    await visit.open();
    await visit.sees("this browser keeps nothing for this page");
    await visit.sees("Service nginx-service: 1 endpoint, ready.");
    await press(visit, "button", "Settings");
    await (await visit.role("radio", "Dark")).press(" ");
    await visit.until(() => document.documentElement.dataset.theme === "dark");
  }));

test("the keys are on a sheet that a button and a question mark open", (t) =>
  visit(t, async (visit) => {
    await press(visit, "button", "Keyboard shortcuts");
    await visit.role("dialog", "Keyboard shortcuts");
    await noBarriers(visit, "the keys");
    await visit.press("Escape");
    await visit.until(() => document.activeElement?.getAttribute("aria-label") === "Keyboard shortcuts");
    await visit.type("?");
    await visit.role("dialog", "Keyboard shortcuts");
    await press(visit, "button", "Close");
    await visit.until(() => document.querySelector("dialog[open]") === null);
    await visit.focus(".cm-content");
    await visit.type("?");
    await visit.settled();
    assert.equal(await visit.page.$("dialog[open]"), null);
  }));

test("nothing moves by itself for who wants it still", { skip: cannotPrefer }, (t) =>
  visit(t, async (visit) => {
    await visit.page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "reduce" }]);
    // What began to move before that may arrive.
    await visit.open();
    const moving = await visit.page.evaluate(() =>
      document.getAnimations().filter((animation) => animation.playState === "running").length,
    );
    assert.equal(moving, 0);
    const figure = await visit.page.waitForSelector(".figure");
    assert.equal(await figure.evaluate((figure) => getComputedStyle(figure).transitionDuration), "0s");
  }));

// What axe says of a width is the same in every browser: elsewhere one is enough.
const skipped = (scheme, width) => cannotPrefer && (scheme === "dark" || width !== 1280) && "asked in Chromium";

for (const scheme of ["light", "dark"]) {
  for (const width of [1280, 768, 390]) {
    test(`axe finds no barrier in any state: ${scheme}, ${width} wide`, { skip: skipped(scheme, width) }, (t) =>
      visit(
        t,
        async (visit) => {
          await visit.sees("Service nginx-service: 1 endpoint, ready.");
          await visit.page.waitForSelector(".cm-content");
          await noBarriers(visit, "at first");
          const narrow = width < 640;
          const show = async (name) => narrow && (await (await visit.role("button", name)).click());
          await show("Manifest");
          await edit(visit, "targetPort: 80", "80");
          await visit.role("region", "Problems");
          await noBarriers(visit, "a warning");
          await edit(visit, "targetPort: 8080", "\nhalf");
          await visit.role("button", "line 27:7");
          await noBarriers(visit, "an error");
          await press(visit, "button", "Rename manifest.yaml");
          await noBarriers(visit, "another name");
          await visit.press("Escape");
          await press(visit, "button", "Settings");
          await noBarriers(visit, "the settings");
          await visit.press("Escape");
          for (const panel of ["Who reaches what", "Cluster"]) {
            if (narrow) await (await visit.role("button", "Menu")).click();
            await press(visit, "button", panel);
            await visit.page.waitForSelector(".side-panel");
            await noBarriers(visit, panel);
          }
          if (narrow) await (await visit.role("button", "Menu")).click();
          await press(visit, "button", "Scenes");
          await visit.page.waitForSelector(".gallery li");
          await noBarriers(visit, "the gallery");
          await press(visit, "button", "Port mapping A Service takes calls on one port and hands them on to another.");
          await visit.page.waitForSelector(".task", { visible: false });
          await noBarriers(visit, "a scene");
        },
        { scheme, width, height: 900 },
      ));
  }
}
