// A learner reaches a Service from a pod, breaks it in the manifest, sees why, and mends it. By keyboard alone.

import assert from "node:assert/strict";
import { test } from "node:test";

import { edit, enter, manifest, press, toTerminal } from "../hands.mjs";
import { visit } from "../visit.mjs";

test("a Service is reached, broken, explained and mended by keyboard", (t) =>
  visit(t, async (visit) => {
    await visit.sees("Service nginx-service: 1 endpoint, ready.");
    await toTerminal(visit);
    await enter(visit, "kubectl get pods,svc,endpoints");
    await visit.sees("service/nginx-service");
    const address = (await visit.text()).match(/service\/nginx-service\s+ClusterIP\s+([\d.]+)/)?.[1];
    assert.ok(address, "the Service has an address");

    await enter(visit, "kubectl run busybox --image=busybox --restart=Never -it -- /bin/sh");
    await visit.sees("/ #");
    await enter(visit, "wget -O- nginx-service:80");
    await visit.sees("<h1>Welcome to nginx!</h1>");
    await visit.sees("written to stdout");
    await clear(visit);
    await enter(visit, `wget -O- ${address}:80`);
    await visit.sees("<h1>Welcome to nginx!</h1>");

    // A port that nobody listens on: the pod refuses.
    const well = await manifest(visit);
    await edit(visit, "targetPort: 80", "80");
    await visit.sees("Service nginx-service: nothing listens on 8080 in pod nginx.");
    await toTerminal(visit);
    await fetchUntil(visit, `${address}:80`, "Connection refused");
    await press(visit, "button", "Why? Show the way of this request");
    await visit.sees("nobody listens on this port: connection refused");
    await press(visit, "button", "Close");

    // Half-typed text keeps the last good picture and marks the line.
    await undo(visit, well);
    await visit.sees("Service nginx-service: 1 endpoint, ready.");
    await edit(visit, "targetPort: 80", "\nhalf");
    await visit.sees("error: error parsing manifest.yaml");
    await visit.role("button", "line 27:7");
    await visit.sees("Service nginx-service: 1 endpoint, ready.");
    await undo(visit, well);

    // A selector that no pod meets: the node refuses, and the nearest miss is named.
    await toTerminal(visit);
    await clear(visit);
    await edit(visit, "app: nginx-service", "s", 1);
    await visit.sees("no endpoints: pod nginx has app=nginx-service, not app=nginx-services");
    await toTerminal(visit);
    await fetchUntil(visit, `${address}:80`, "Connection refused");
    await press(visit, "button", "Why? Show the way of this request");
    await visit.sees("a rule here refuses: the Service has no endpoint");
    // The reason leads to the line that makes it so.
    await press(visit, "button", "spec.selector of Service nginx-service");
    await visit.until(() => getSelection()?.toString() === "selector:");

    await undo(visit, well);
    await visit.sees("Service nginx-service: 1 endpoint, ready.");
    await toTerminal(visit);
    await fetchUntil(visit, `${address}:80`, "<h1>Welcome to nginx!</h1>");
    await enter(visit, "exit");
    await visit.until(() => document.querySelector(".prompt")?.textContent === "$ ");
  }));

test("the editor and the terminal can be left by keyboard", (t) =>
  visit(t, async (visit) => {
    await visit.focus(".cm-content");
    await visit.press("Escape");
    await visit.press("Tab");
    assert.equal(await visit.page.evaluate(() => document.activeElement?.closest(".cm-editor")), null);
    await toTerminal(visit);
    await visit.type("cat mani");
    await visit.press("Tab");
    await visit.until(() => document.activeElement?.value === "cat manifest.yaml ");
    await visit.press("Escape");
    await visit.press("Tab");
    assert.notEqual(await visit.page.evaluate(() => document.activeElement?.id), "command");
  }));

test("the text comes back on the next visit, and another text can be had", (t) =>
  visit(t, async (visit) => {
    await visit.page.waitForSelector(".cm-content");
    await edit(visit, "targetPort: 80", "80");
    await visit.sees("nothing listens on 8080");
    await visit.open();
    await visit.sees("nothing listens on 8080");
    await press(visit, "button", "Settings");
    await press(visit, "button", "Start over");
    await visit.sees("Service nginx-service: 1 endpoint, ready.");
  }));

/**
 * Asks for a page again and again, as a person would, until the terminal says what is expected. Each node's rules follow a
 * change a moment later than the diagram does, and what is sent in between still goes the old way: so it is in every cluster.
 */
async function fetchUntil(visit, url, words) {
  for (let tries = 0; tries < 8; tries++) {
    await clear(visit);
    await enter(visit, `wget -O- ${url}`);
    await visit.sees("Connecting to");
    await visit.until(() => document.querySelector(".prompt")?.textContent === "/ # ");
    if ((await visit.text()).includes(words)) return;
  }
  await visit.sees(words);
}

/** Clears the terminal, so that what is seen next is new. */
async function clear(visit) {
  await visit.press("Control", "l");
  await visit.until(() => !document.querySelector("[role=log]").innerText.includes("wget"));
}

/** Takes back changes of the manifest until it reads so again: who types slowly has made more of them. */
async function undo(visit, text) {
  await visit.focus(".cm-content");
  for (let steps = 0; steps < 20 && (await manifest(visit)) !== text; steps += 1) await visit.press("Control", "z");
  assert.equal(await manifest(visit), text);
}
