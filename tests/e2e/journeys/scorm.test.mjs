// An exercise as a SCORM 1.2 package, on a stand-in for a learning platform that writes down what it is told.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { serve } from "../serve.mjs";
import { visit } from "../visit.mjs";

const make = fileURLToPath(new URL("../../../web/scripts/scorm.mjs", import.meta.url));

/** The files of an archive whose files are stored as they are. */
function unzipped(bytes) {
  const files = {};
  for (let at = 0; bytes.readUInt32LE(at) === 0x04034b50; ) {
    const [size, name] = [bytes.readUInt32LE(at + 18), bytes.readUInt16LE(at + 26)];
    const from = at + 30 + name;
    files[bytes.toString("utf8", at + 30, from)] = bytes.toString("utf8", from, from + size);
    at = from + size;
  }
  return files;
}

/** The stand-in: it has the API that SCORM asks for, and the package in a frame. */
const platform = `<!doctype html><meta charset="utf-8"><title>Platform</title><link rel="icon" href="data:,"><script>
  told = [];
  values = { "cmi.core.lesson_status": "not attempted" };
  const note = (name, answer) => (...words) => (told.push([name, ...words]), answer(...words));
  API = {
    LMSInitialize: note("LMSInitialize", () => "true"),
    LMSGetValue: note("LMSGetValue", (name) => values[name] ?? ""),
    LMSSetValue: note("LMSSetValue", (name, value) => ((values[name] = value), "true")),
    LMSCommit: note("LMSCommit", () => "true"),
    LMSFinish: note("LMSFinish", () => "true"),
  };
</script><iframe src="package/index.html" width="1000" height="800"></iframe>`;

test("a learning platform is told that an exercise is begun, passed and left", (t) =>
  visit(t, async (visit) => {
    const root = mkdtempSync(join(tmpdir(), "scorm-"));
    try {
      execFileSync("node", [make, visit.url, "ghost-service", "What happens to the <call>?", join(root, "one.zip")]);
      const files = unzipped(readFileSync(join(root, "one.zip")));
      assert.match(files["imsmanifest.xml"], /<schemaversion>1\.2<[\s\S]*What happens to the &lt;call&gt;\?/);
      execFileSync("mkdir", [join(root, "package")]);
      for (const [name, text] of Object.entries(files)) writeFileSync(join(root, "package", name), text);
      writeFileSync(join(root, "index.html"), platform);
      const host = await serve({ root });
      try {
        await visit.page.goto(host.url, { waitUntil: "load" });
        await visit.until(() => values["cmi.core.lesson_status"] === "incomplete");
        await visit.until(() => {
          const element = document.querySelector("iframe").contentDocument?.querySelector("services-playground");
          return element?.shadowRoot?.querySelector("iframe")?.style.visibility === "";
        });
        // What the element tells when it is passed: embed.test.mjs passes one for real.
        await visit.page.evaluate(() => {
          const inner = document.querySelector("iframe").contentDocument;
          inner.querySelector("services-playground").dispatchEvent(new CustomEvent("passed", { bubbles: true, detail: {} }));
        });
        await visit.until(() => values["cmi.core.lesson_status"] === "passed");
        await visit.page.evaluate(() => document.querySelector("iframe").remove());
        const told = await visit.page.evaluate(() => ({ calls: told.map(([name]) => name), values }));
        assert.equal(told.calls[0], "LMSInitialize");
        assert.equal(told.calls.at(-1), "LMSFinish");
        assert.equal(told.values["cmi.core.score.raw"], "100");
        assert.match(told.values["cmi.core.session_time"], /^\d\d:\d\d:\d\d$/);
      } finally {
        await host.close();
      }
    } finally {
      rmSync(root, { recursive: true });
    }
  }));
