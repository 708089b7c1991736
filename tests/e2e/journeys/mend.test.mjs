// What the page offers beside the text: one-click fixes, completion, an object's story, who reaches what, another make of
// the cluster, and kubectl edit.

import assert from "node:assert/strict";
import { test } from "node:test";

import { edit, enter, press, toTerminal } from "../hands.mjs";
import { visit } from "../visit.mjs";

test("a wrong selector is mended with the fix that the editor offers", (t) =>
  visit(t, async (visit) => {
    await visit.sees("Service nginx-service: 1 endpoint, ready.");
    await edit(visit, "app: nginx-service", "s", 1);
    await visit.sees("no endpoints: pod nginx has app=nginx-service, not app=nginx-services");
    await press(visit, "button", "Select app=nginx-service");
    await visit.sees("Service nginx-service: 1 endpoint, ready.");
  }));

test("the editor completes a field and explains it", (t) =>
  visit(t, async (visit) => {
    await visit.sees("Service nginx-service: 1 endpoint, ready.");
    await edit(visit, "targetPort: 80", "\nnodeP");
    await visit.sees("nodePort");
    await visit.sees("<integer>");
    // The list takes keys only a moment after it opened, so that fast typing is not swallowed.
    await new Promise((resolve) => setTimeout(resolve, 200));
    await visit.press("Enter");
    await visit.type("31000");
    await visit.sees("may not be used when `type` is 'ClusterIP'");
  }));

test("an object tells what it is tied to, and can be made to fail", (t) =>
  visit(t, async (visit) => {
    await visit.sees("Service nginx-service: 1 endpoint, ready.");
    await visit.focus('rect.cover[aria-label^="Pod nginx"]');
    await visit.press("Enter");
    await visit.role("region", "Inspector");
    await visit.sees("Service nginx-service: traffic of the one reaches the other");
    await visit.sees("Name:             nginx");
    await (await visit.role("checkbox", "Its readiness fails")).press(" ");
    await visit.sees("the pod is not ready");
    await (await visit.role("checkbox", "Its readiness fails")).press(" ");
    await visit.sees("Service nginx-service: 1 endpoint, ready.");
  }));

test("who reaches what is a table whose cells say why", (t) =>
  visit(t, async (visit) => {
    await visit.sees("Service nginx-service: 1 endpoint, ready.");
    await press(visit, "button", "Who reaches what");
    const cell = await visit.page.waitForSelector('button.cell[aria-label^="From your laptop to Service nginx-service"]');
    assert.match(await cell.evaluate((cell) => cell.getAttribute("aria-label")), /: no answer\. Show why$/);
    await cell.press("Enter");
    await visit.sees("nothing came back");
    await press(visit, "button", "Close");
    await visit.role("table", "What became of a connection from each place to each address");
  }));

test("another kube-proxy mode makes the cluster anew with the same manifest", (t) =>
  visit(t, async (visit) => {
    await press(visit, "button", "Cluster");
    await (await visit.role("radio", "nftables")).press(" ");
    await visit.sees("Service nginx-service: 1 endpoint, ready.");
    await visit.eventually(async () =>
      assert.equal(await (await visit.role("radio", "nftables")).evaluate((radio) => radio.checked), true),
    );
  }));

test("kubectl edit opens the object, and goes on when it is saved", (t) =>
  visit(t, async (visit) => {
    await visit.sees("Service nginx-service: 1 endpoint, ready.");
    await toTerminal(visit);
    await enter(visit, "kubectl edit service nginx-service");
    const field = await visit.page.waitForSelector(".editing textarea");
    await field.evaluate((field) => {
      const at = field.value.indexOf("targetPort: 80") + "targetPort: 80".length;
      field.setSelectionRange(at, at);
    });
    await visit.type("80");
    await visit.press("Control", "Enter");
    await visit.sees("service/nginx-service edited");
    await visit.sees("nothing listens on 8080 in pod nginx");
    await visit.until(() => document.activeElement?.id === "command");
  }));
