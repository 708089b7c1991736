// A course page on another site with two playgrounds in it: the page of examples/html, with the address of the site under test.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { browserName } from "../browser.mjs";
import { frame, pass } from "../frames.mjs";
import { serve } from "../serve.mjs";
import { visit } from "../visit.mjs";

const example = readFileSync(fileURLToPath(new URL("../../../examples/html/index.html", import.meta.url)), "utf8");

/** Visits the course page, which loads the element from the site. */
async function course(t, journey, change = (html) => html) {
  await visit(t, async (visit) => {
    const root = mkdtempSync(join(tmpdir(), "course-"));
    writeFileSync(join(root, "index.html"), change(example.replace("https://playground.example/", visit.url)));
    const host = await serve({ root });
    try {
      // Another port of this machine is another origin.
      await visit.page.goto(host.url, { waitUntil: "load" });
      await journey(visit);
    } finally {
      await host.close();
      rmSync(root, { recursive: true });
    }
  });
}

// The driver of WebKit has no words for what is inside of a frame.
const inside = { skip: browserName === "webkit" && "frames are looked into in the other browsers" };

test("an exercise is passed inside a course page, which hears of it", inside, (t) =>
  course(t, async (visit) => {
    await visit.page.evaluate(() => {
      globalThis.heard = [];
      for (const name of ["ready", "progress", "failed", "passed"]) {
        document.addEventListener(name, (event) => globalThis.heard.push([name, event.detail]));
      }
    });
    const exercise = await frame(visit, 0);
    await pass(visit, exercise);
    await visit.sees("Passed: What happens to the call?");
    const names = await visit.page.evaluate(() => globalThis.heard.map(([name]) => name));
    for (const name of ["ready", "failed", "progress"]) assert.ok(names.includes(name), `${name} in ${names}`);
    const passed = await visit.page.evaluate(() => globalThis.heard.find(([name]) => name === "passed")[1]);
    assert.equal(passed.verb.id, "http://adlnet.gov/expapi/verbs/passed");
    assert.match(passed.object.id, /#lesson=ghost-service$/);
  }));

test("two playgrounds on one page are two clusters, and neither takes the focus or scrolls the page", inside, (t) =>
  course(t, async (visit) => {
    await frame(visit, 0);
    const second = await frame(visit, 1);
    await second.waitForFunction(() => document.body.innerText.includes("Service web: 1 endpoint, ready."));
    assert.equal(await visit.page.evaluate(() => document.activeElement === document.body), true);
    // A question, and no pod of the other one's.
    assert.equal(await (await frame(visit, 0)).evaluate(() => document.body.innerText.includes("Service web:")), false);
    // The frame is of the site that it comes from: what it keeps is its own.
    const keys = await second.evaluate(() => Object.keys(localStorage));
    assert.ok(keys.length > 0 && keys.every((key) => key.startsWith("services-playground.embed.")), keys.join());
  }));

test("a playground is dark where the page around is, and follows it", inside, (t) =>
  course(t, async (visit) => {
    const exercise = await frame(visit, 0);
    assert.equal(await exercise.evaluate(() => document.documentElement.dataset.theme), "light");
    await visit.page.evaluate(() => document.documentElement.classList.add("night"));
    await exercise.waitForFunction(() => document.documentElement.dataset.theme === "dark");
  }));

test("a playground begins when it comes near, and says that it is ready", (t) =>
  course(
    t,
    async (visit) => {
      const frames = () => visit.page.evaluate(() => [...document.querySelectorAll("services-playground")].map((one) => one.shadowRoot.querySelector("iframe") !== null));
      await visit.until(() => globalThis.ready === 1);
      assert.deepEqual(await frames(), [true, false]);
      assert.equal(await visit.page.evaluate(() => scrollY), 0);
      await visit.page.evaluate(() => document.querySelector("services-playground:nth-of-type(2)").scrollIntoView());
      await visit.until(() => globalThis.ready === 2);
    },
    (html) => html.replace('type="module"', "defer").replace("<main>", '<script>ready = 0; document.addEventListener("ready", () => ready++);</script><main>').replace("<h2>", '<div style="height: 4000px"></div><h2>'),
  ));

test("without script the manifests stay, to be read", (t) =>
  course(
    t,
    async (visit) => {
      await visit.sees("kind: Service");
    },
    (html) => html.replace(/<script type="module"[^>]*><\/script>/, ""),
  ));

test("messages that are none of the course page's do nothing", inside, (t) =>
  course(t, async (visit) => {
    const exercise = await frame(visit, 0);
    await visit.page.evaluate(() => {
      const playground = document.querySelector("services-playground").shadowRoot.querySelector("iframe").contentWindow;
      for (const message of ["x", null, { do: "theme", is: "dark" }, { "services-playground": 1, do: "theme", is: "pink" }]) {
        playground.postMessage(message, "*");
      }
      playground.postMessage({ "services-playground": 1, do: "open", is: "#share=1.AAAA" }, "*");
      playground.postMessage({ "services-playground": 1, do: "open", is: `#${"x".repeat(70_000)}` }, "*");
    });
    await exercise.waitForFunction(() => document.body.innerText.includes("This link to a scene is damaged"));
    assert.equal(await exercise.evaluate(() => document.documentElement.dataset.theme), "light");
  }));
