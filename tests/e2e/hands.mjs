// What journeys do with their hands: type into the terminal and the manifest, and press what has a name. By keyboard alone.

import assert from "node:assert/strict";

/** Types a line in the terminal, which has the focus. */
export async function enter(visit, line) {
  await visit.type(line);
  await visit.press("Enter");
}

/** Puts text behind the end of the line that reads so, the `nth` of them; by keys from the top of the manifest. */
export async function edit(visit, line, text, nth = 0) {
  const editor = await visit.page.waitForSelector(".cm-content");
  await editor.focus();
  const lines = await visit.page.$$eval(".cm-line", (lines) => lines.map((line) => line.textContent.trim()));
  const at = lines.flatMap((found, index) => (found === line ? [index] : []))[nth];
  assert.notEqual(at, undefined, `${line} in ${lines.join("\n")}`);
  await visit.press("Control", "Home");
  for (let down = 0; down < at; down += 1) await visit.press("ArrowDown");
  await visit.press("End");
  for (const part of text.split(/(\n)/)) await (part === "\n" ? visit.press("Enter") : visit.type(part));
}

/** Finds something by role and name, and presses it by keyboard. */
export async function press(visit, role, name) {
  await (await visit.role(role, name)).focus();
  await visit.press("Enter");
}
