// What `cargo xtask release` packs, used as somebody would who has never seen the project.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

import { browserName } from "../browser.mjs";
import { dist, serve } from "../serve.mjs";
import { visit } from "../visit.mjs";

const pack = fileURLToPath(new URL("../../../web/scripts/release.mjs", import.meta.url));

// Packing is the same whatever browser then looks at it.
test("the site, the element and the lessons are unpacked and work", { skip: browserName !== "chromium" && "packed once" }, (t) =>
  visit(t, async (visit) => {
    const folder = mkdtempSync(join(tmpdir(), "release-"));
    try {
      const out = join(folder, "out");
      execFileSync("node", [pack, dist, out, "1.2.3"]);
      const files = readdirSync(out).sort();
      assert.deepEqual(files, [
        "SHA384SUMS",
        "services-playground-element-1.2.3.tgz",
        "services-playground-lessons-1.2.3.tar.gz",
        "services-playground-site-1.2.3.tar.gz",
      ]);
      execFileSync("sha384sum", ["--check", "--status", "--ignore-missing", "SHA384SUMS"], { cwd: out });

      // The site, from its archive; what is compressed beside a file is that file.
      execFileSync("tar", ["-xzf", join(out, "services-playground-site-1.2.3.tar.gz"), "-C", folder]);
      const root = join(folder, "services-playground-site-1.2.3");
      assert.deepEqual(gunzipSync(readFileSync(join(root, "index.html.gz"))), readFileSync(join(root, "index.html")));
      const site = await serve({ root });

      // The element, installed by npm into a project that has nothing else.
      const project = join(folder, "project");
      execFileSync("mkdir", [project]);
      writeFileSync(join(project, "package.json"), '{"name": "course", "private": true}');
      execFileSync("npm", ["install", "--offline", "--no-audit", "--silent", join(out, files[1])], { cwd: project });
      writeFileSync(
        join(project, "index.html"),
        `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>Course</title>
        <services-playground site="${site.url}" exercise="ghost-service"></services-playground>
        <script>addEventListener("ready", () => (document.title = "It runs"));</script>
        <script type="module" src="node_modules/services-playground-element/playground.js"></script>`,
      );
      const host = await serve({ root: project });
      try {
        await visit.page.goto(host.url, { waitUntil: "load" });
        await visit.until(() => document.title === "It runs");
      } finally {
        await host.close();
        await site.close();
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  }));
