// A scene leaves the page and comes back: as a link, as files for a real cluster, and from one.

import assert from "node:assert/strict";
import { test } from "node:test";

import { noBarriers } from "../axe.mjs";
import { edit, enter, press, toTerminal } from "../hands.mjs";
import { visit } from "../visit.mjs";

/** The text that the dialog offers to copy. */
const offered = (visit) => visit.page.$eval("dialog.share textarea[readonly]", (field) => field.value);

test("a link brings manifests, commands and what they printed to somebody else", (t) =>
  visit(t, async (visit) => {
    await visit.sees("Service nginx-service: 1 endpoint, ready.");
    await edit(visit, "targetPort: 80", "80");
    await visit.sees("nothing listens on 8080");
    await toTerminal(visit);
    await enter(visit, "kubectl create namespace given-away");
    await visit.sees("namespace/given-away created");
    await press(visit, "button", "Share");
    await visit.role("dialog", "Share");
    await noBarriers(visit, "what gives a scene away");
    const link = await offered(visit);
    await (await visit.role("radio", "Markdown")).press(" ");
    await visit.until(() => document.querySelector("dialog.share textarea").value.includes("```yaml"));
    assert.match(await offered(visit), /targetPort: 8080[\s\S]*kubectl create namespace given-away/);
    await press(visit, "button", "Copy");
    await visit.until(() => /^(Copied|The browser does not let)/.test(document.querySelector("dialog.share .actions [role=status]").textContent));
    await visit.press("Escape");
    await visit.until(() => document.activeElement?.textContent.trim() === "Share");

    await edit(visit, "targetPort: 8080", "1");
    await visit.open(new URL(link).hash);
    await visit.sees("namespace/given-away created");
    await visit.sees("nothing listens on 8080");
    await visit.sees("Your earlier files are put aside.");
  }));

test("a damaged link is said, and takes nothing away", (t) =>
  visit(t, async (visit) => {
    await edit(visit, "targetPort: 80", "80");
    await visit.open("#share=1.AAAA");
    await visit.sees("This link to a scene is damaged");
    await visit.sees("nothing listens on 8080");
  }));

test("a scene of the gallery has an address", (t) =>
  visit(t, async (visit) => {
    await visit.open("#scene=port-mapping");
    await visit.role("tab", "port-mapping.yaml");
    await visit.sees("Service web: 1 endpoint, ready.");
  }));

test("the diagram is saved as a picture that needs nothing else", (t) =>
  visit(t, async (visit) => {
    await visit.sees("Service nginx-service: 1 endpoint, ready.");
    await visit.page.evaluate(() => {
      globalThis.saved = [];
      const make = URL.createObjectURL.bind(URL);
      URL.createObjectURL = (blob) => (globalThis.saved.push(blob), make(blob));
      HTMLAnchorElement.prototype.click = () => {};
    });
    await press(visit, "button", "Share");
    await press(visit, "button", "Save as SVG");
    await visit.sees("Saved.");
    const svg = await visit.page.evaluate(() => globalThis.saved[0].text());
    assert.match(svg, /^<svg [^>]*viewBox="0 0 \d/);
    assert.match(svg, />nginx-service</);
    assert.match(svg, /A Service: no box that packets visit/);
    assert.doesNotMatch(svg, /var\(|class=|href=|<script/);
    await press(visit, "button", "Save as PNG");
    await visit.until(() => globalThis.saved.some((blob) => blob.type === "image/png"));
  }));

test("a scene is taken home as a script and as manifests", (t) =>
  visit(t, async (visit) => {
    await press(visit, "button", "Share");
    const saved = async (name) =>
      decodeURIComponent((await (await visit.role("link", name)).evaluate((link) => link.href)).split(",").slice(1).join(","));
    assert.match(await saved("Save the script"), /^#!\/usr\/bin\/env bash[\s\S]*kind create cluster[\s\S]*check default/);
    assert.match(await saved("Save the manifests"), /kind: Service[\s\S]*targetPort: 80\n$/);
  }));

test("a real cluster's objects are brought in, and what is wrong with them is found", (t) =>
  visit(t, async (visit) => {
    await press(visit, "button", "Share");
    await press(visit, "button", "Open them");
    await visit.sees("there is no object in it");
    await visit.focus("dialog.share textarea:not([readonly])");
    const list = {
      apiVersion: "v1",
      kind: "List",
      items: [
        {
          apiVersion: "v1",
          kind: "Service",
          metadata: { name: "shop", namespace: "default", uid: "1", resourceVersion: "7" },
          spec: { clusterIP: "10.96.1.2", selector: { app: "shop" }, ports: [{ port: 80, targetPort: 8080 }] },
          status: { loadBalancer: {} },
        },
        {
          apiVersion: "v1",
          kind: "Pod",
          metadata: { name: "shop-1", namespace: "default", labels: { app: "shops" } },
          spec: { containers: [{ name: "shop", image: "registry.example/shop:1", ports: [{ containerPort: 8080 }] }] },
        },
      ],
    };
    await visit.page.evaluate((text) => document.execCommand("insertText", false, text), JSON.stringify(list));
    await press(visit, "button", "Open them");
    await visit.sees("registry.example/shop:1 cannot run here");
    await noBarriers(visit, "what was brought in");
    await press(visit, "button", "Find what is wrong");
    await visit.role("heading", "Find the fault");
    await press(visit, "button", "Walk");
    await visit.sees("pod shop-1 has app=shops, not app=shop");
  }));
