// On a train: the site was open once, and its server is gone.

import assert from "node:assert/strict";
import { test } from "node:test";

import { enter, press, toTerminal } from "../hands.mjs";
import { serve } from "../serve.mjs";
import { visit } from "../visit.mjs";

test("the page, a scene and a lesson are there with the server stopped", (t) =>
  visit(t, async (visit) => {
    // A site of its own, because that of the visit is needed to the end.
    const site = await serve();
    try {
      await visit.page.goto(site.url, { waitUntil: "load" });
      await visit.until(async () => (await navigator.serviceWorker.getRegistration())?.active?.state === "activated");
    } finally {
      await site.close();
    }
    await visit.page.goto(site.url, { waitUntil: "load" });
    await visit.sees("Service nginx-service: 1 endpoint, ready.");
    await toTerminal(visit);
    await enter(visit, "kubectl explain service.spec.type");
    await visit.sees("FIELD: type <string>");
    await press(visit, "button", "Scenes");
    await visit.page.waitForSelector(".gallery li");
    await visit.press("Escape");
    await visit.page.goto(`${site.url}#lesson=ghost-service`, { waitUntil: "load" });
    await visit.role("heading", "What happens to the call?");
    assert.equal(visit.complaints.length, 0);
  }));
