// A learner works with several files, formats, undoes, and says when to apply.

import assert from "node:assert/strict";
import { test } from "node:test";

import { edit, enter, manifest, press, toTerminal } from "../hands.mjs";
import { visit } from "../visit.mjs";

/** Types lines into the editor, which indents each as the one before. */
async function write(visit, ...lines) {
  await visit.focus(".cm-content");
  for (const line of lines) {
    await visit.type(line);
    await visit.press("Enter");
  }
}

/** The first lines of a pod, each at the margin. */
const pod = ["apiVersion: v1", "kind: Pod", "spec: {containers: [{name: c, image: nginx}]}"];

test("each file is applied, found by the terminal, renamed, deleted and brought back", (t) =>
  visit(t, async (visit) => {
    await visit.sees("Service nginx-service: 1 endpoint, ready.");
    await press(visit, "button", "New file");
    await visit.role("tab", "manifest-2.yaml");
    await write(visit, ...pod, "metadata: {name: second}");
    await visit.sees("pod/second created");

    await press(visit, "button", "Rename manifest-2.yaml");
    await visit.role("textbox", "New name of manifest-2.yaml");
    await visit.type("second.yaml");
    await visit.press("Enter");
    await visit.role("tab", "second.yaml");
    await toTerminal(visit);
    await enter(visit, "ls; kubectl apply -f second.yaml");
    await visit.sees("manifest.yaml  second.yaml");
    await visit.sees("pod/second ");

    // From tab to tab by arrow keys, each with its own text and its own undo.
    await visit.reach("tab", "second.yaml");
    await visit.press("ArrowLeft");
    await visit.until(() => document.activeElement?.textContent === "manifest.yaml");
    await visit.eventually(async () => assert.match(await manifest(visit), /kind: Service/));

    await press(visit, "tab", "second.yaml");
    await press(visit, "button", "Delete second.yaml");
    await visit.sees("second.yaml is deleted.");
    await visit.sees("pod/second pruned");
    await press(visit, "button", "Bring back");
    await visit.role("tab", "second.yaml");
    await visit.sees("pod/second created");
    await visit.open();
    await visit.role("tab", "second.yaml");
  }));

test("a file is given the usual indentation, with its comments, and one undo takes it back", (t) =>
  visit(t, async (visit) => {
    await visit.page.waitForSelector(".cm-content");
    await press(visit, "button", "New file");
    await write(visit, ...pod, "metadata:", "    name: ugly   # who it is");
    assert.match(await manifest(visit), /\n {4,}name: ugly {3}# who it is/);
    await visit.press("Shift", "Alt", "F");
    await visit.until(() => document.querySelector(".cm-content").innerText.includes("\n  name: ugly   # who it is"));
    await visit.press("Control", "z");
    await visit.eventually(async () => assert.match(await manifest(visit), /\n {4,}name: ugly {3}# who it is/));
  }));

test("who wants to say when has nothing applied before Ctrl-Enter", (t) =>
  visit(t, async (visit) => {
    await visit.sees("Service nginx-service: 1 endpoint, ready.");
    await press(visit, "button", "Settings");
    await (await visit.role("radio", "With Ctrl-Enter")).press(" ");
    await visit.press("Escape");
    await edit(visit, "targetPort: 80", "80");
    await visit.sees("not applied yet: Ctrl-Enter applies");
    await visit.sees("Service nginx-service: 1 endpoint, ready.");
    await visit.press("Control", "Enter");
    await visit.sees("Service nginx-service: nothing listens on 8080 in pod nginx.");
    await visit.open();
    await edit(visit, "targetPort: 8080", "");
    await visit.press("Backspace");
    await visit.press("Backspace");
    await visit.sees("not applied yet: Ctrl-Enter applies");
    await press(visit, "button", "Apply");
    await visit.sees("Service nginx-service: 1 endpoint, ready.");
  }));

test("places are right behind an emoji", (t) =>
  visit(t, async (visit) => {
    await visit.page.waitForSelector(".cm-content");
    await edit(visit, "# A web server, and one address that lasts.", " 😀😀");
    await edit(visit, "targetPort: 80", "80");
    await visit.role("button", "line 26:7");
    await press(visit, "button", "Set targetPort to 80");
    await visit.sees("Service nginx-service: 1 endpoint, ready.");
    assert.match(await manifest(visit), /targetPort: 80$/m);
  }));
