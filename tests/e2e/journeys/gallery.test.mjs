// A visitor's first minute: a scene is one click away, has one thing to try, and takes nothing away for ever.

import assert from "node:assert/strict";
import { test } from "node:test";

import { edit, press } from "../hands.mjs";
import { visit } from "../visit.mjs";

test("a scene is chosen, tried with one click, and the learner's own text comes back", (t) =>
  visit(t, async (visit) => {
    await visit.sees("Service nginx-service: 1 endpoint, ready.");
    await edit(visit, "targetPort: 80", "80");
    await visit.sees("nothing listens on 8080");
    await press(visit, "button", "Scenes");
    await visit.role("dialog", "Scenes");
    await press(visit, "button", "Port mapping A Service takes calls on one port and hands them on to another.");
    await visit.role("tab", "port-mapping.yaml");
    await visit.sees("Service web: 1 endpoint, ready.");
    // Whoever calls before the node's rules follow its endpoints is refused, and calls again.
    const answers = () => visit.page.evaluate(() => document.body.innerText.match(/refused|<h1>Welcome to nginx!<.h1>/g) ?? []);
    do {
      const { length: before } = await answers();
      await press(visit, "button", "Run kubectl exec client -- wget -qO- web:3000");
      await visit.eventually(async () => assert.ok((await answers()).length > before));
    } while (!(await answers()).some((answer) => answer.startsWith("<h1>")));
    await visit.until(() => document.activeElement?.id === "command");

    await visit.open();
    await visit.role("tab", "port-mapping.yaml");
    await visit.sees("Your earlier files are put aside.");
    await press(visit, "button", "Bring back");
    await visit.role("tab", "manifest.yaml");
    await visit.sees("nothing listens on 8080");
  }));

test("every scene of the gallery opens and stands", (t) =>
  visit(t, async (visit) => {
    await press(visit, "button", "Scenes");
    const cards = await visit.page.waitForSelector(".gallery li").then(() => visit.page.$$(".gallery li button"));
    assert.ok(cards.length >= 12, `${cards.length} scenes`);
    await visit.press("Escape");
    for (let at = 0; at < cards.length; at += 1) {
      await press(visit, "button", "Scenes");
      const title = await visit.page.$$eval(".gallery li strong", (titles, at) => titles[at].textContent, at);
      await visit.page.$$eval(".gallery li button", (buttons, at) => buttons[at].click(), at);
      await visit.until((title) => document.querySelector(".task strong")?.textContent === `${title}: `, title);
      assert.equal(await visit.page.$eval(".status", (status) => /line \d+:/.test(status.innerText)), false, title);
    }
  }));

test("an empty cluster invites", (t) =>
  visit(t, async (visit) => {
    await visit.focus(".cm-content");
    await visit.press("Control", "a");
    await visit.press("Delete");
    await press(visit, "button", "Choose a scene");
    await visit.role("dialog", "Scenes");
    await visit.press("Escape");
    await visit.until(() => document.activeElement?.textContent === "Choose a scene");
  }));
