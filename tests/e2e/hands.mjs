// What journeys do with their hands: type into the terminal and the manifest, and press what has a name. By keyboard alone.

import assert from "node:assert/strict";

/** Goes to the terminal. */
export async function toTerminal(visit) {
  await visit.reach("textbox", "Command line");
}

/** Types a line in the terminal, which has the focus. */
export async function enter(visit, line) {
  await visit.type(line);
  await visit.press("Enter");
}

/** Puts a line into the terminal, which has the focus, at once as from the clipboard, and runs it. */
export async function paste(visit, line) {
  await visit.page.evaluate((line) => document.execCommand("insertText", false, line), line);
  await visit.press("Enter");
}

/** What the editor has of the manifest: all of it, when it is as short as in the journeys. */
export async function manifest(visit) {
  await visit.page.waitForSelector(".cm-line");
  return visit.page.$$eval(".cm-line", (lines) => lines.map((line) => line.textContent).join("\n"));
}

/** Puts text behind the end of the line that reads so, the `nth` of them; by keys from the top of the manifest. */
export async function edit(visit, line, text, nth = 0) {
  await visit.focus(".cm-content");
  const lines = (await manifest(visit)).split("\n").map((line) => line.trim());
  const at = lines.flatMap((found, index) => (found === line ? [index] : []))[nth];
  assert.notEqual(at, undefined, `${line} in ${lines.join("\n")}`);
  await visit.press("Control", "Home");
  for (let down = 0; down < at; down += 1) await visit.press("ArrowDown");
  await visit.press("End");
  for (const part of text.split(/(\n)/)) await (part === "\n" ? visit.press("Enter") : visit.type(part));
}

/** Finds something by role and name, and presses it by keyboard. */
export async function press(visit, role, name) {
  await visit.reach(role, name);
  await visit.press("Enter");
}
