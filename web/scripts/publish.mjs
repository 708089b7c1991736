// The last step of a build: what depends on all the other files of the site. `node publish.mjs DIST`
//
// - the two parts of the program, where it was split (parts.mjs), and what loads them (start.mjs)
// - what a first visit sees before the program is there (first-view.mjs)
// - the Content-Security-Policy of index.html, with a hash for each script that stands in it
// - playground.js, the element for other pages
// - manifest.webmanifest, which makes the site installable
// - sw.js, the service worker, with the list of all files and a version made of their contents

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

import { programOf, withParts } from "./parts.mjs";
import { startedByUs } from "./start.mjs";

const dist = process.argv[2];
if (!dist) throw new Error("say where the site is: node publish.mjs DIST");

/** What makes a browser offer to install the site, and keep it. */
const installable = [
  `<link rel="manifest" href="./manifest.webmanifest">`,
  `<link rel="apple-touch-icon" href="./icons/192.png">`,
  `<script type="module" src="./web/offline.js"></script>`,
].join("");

const worker = readFileSync(join(dist, "web/worker.js"), "utf8");
rmSync(join(dist, "web/worker.js"));

// The element that other pages load stands at the root: its address is typed by hand.
renameSync(join(dist, "web/element.js"), join(dist, "playground.js"));

const shower = readFileSync(join(dist, "web/first-view.js"), "utf8").trim();
rmSync(join(dist, "web/first-view.js"));

const parted = withParts(dist, readFileSync(join(dist, "index.html"), "utf8"));
const program = programOf(parted);
const html = startedByUs(parted, program).replace("</head>", `${installable}</head>`);
writeFileSync(join(dist, "manifest.webmanifest"), webManifest(iconOf(html)));
const views = ["wide", "narrow"].map((screen) => `<template id="first-view-${screen}">${firstView(screen)}</template>`);
const atOnce = `${views.join("")}<script>${shower}</script></body>`;
writeFileSync(join(dist, "index.html"), withPolicy(html.replace("</body>", () => atOnce)));

const site = siteOf(filesBelow(dist).filter((file) => file !== "sw.js"));
writeFileSync(join(dist, "sw.js"), `self.SITE=${JSON.stringify(site)};\n${worker}`);

/** What a first visit sees, made in a process of its own, which becomes a page. */
function firstView(screen) {
  const script = fileURLToPath(new URL("first-view.mjs", import.meta.url));
  return execFileSync(process.execPath, [script, join(dist, program), screen], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}

/** Adds the policy as a meta tag, before anything that it is about. Hosts that can send it as a header: see the README. */
function withPolicy(html) {
  const inline = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)];
  const hashes = inline.map(([, text]) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`);
  const policy = [
    "default-src 'none'",
    // WebAssembly, and nothing that is made of text at run time.
    `script-src 'self' 'wasm-unsafe-eval' ${hashes.join(" ")}`,
    // Places and sizes of what is drawn are styles; nothing of the learner's text becomes one.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    // Lesson packs that a teacher's link names may stand on another host; nothing else is asked of one.
    "connect-src 'self' https:",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const charset = /<meta charset="?utf-8"?\s*\/?>/i;
  if (!charset.test(html)) throw new Error("index.html has no <meta charset> to put the policy after");
  return html.replace(charset, (meta) => `${meta}<meta http-equiv="Content-Security-Policy" content="${policy}">`);
}

/** The icon's address with its hash. */
function iconOf(html) {
  const found = /<link[^>]*rel="icon"[^>]*>/.exec(html)?.[0].match(/href="\.?\/?([^"]+)"/)?.[1];
  if (!found) throw new Error("index.html names no icon");
  return found.split("/").at(-1);
}

function webManifest(icon) {
  return JSON.stringify({
    name: "Services Playground",
    short_name: "Services",
    description: "Learn Kubernetes Services with a whole cluster in your browser.",
    start_url: "./",
    scope: "./",
    display: "standalone",
    background_color: "#ffffff",
    theme_color: "#326ce5",
    icons: [
      { src: `./${icon}`, sizes: "any", type: "image/svg+xml" },
      { src: "./icons/192.png", sizes: "192x192", type: "image/png", purpose: "any maskable" },
      { src: "./icons/512.png", sizes: "512x512", type: "image/png", purpose: "any maskable" },
    ],
  });
}

/** Every file below a folder, as paths of an address, in an order that does not depend on the machine. */
function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

/** The list for the service worker. */
function siteOf(files) {
  const all = createHash("sha256");
  for (const file of files) all.update(file).update("\0").update(readFileSync(join(dist, file))).update("\0");
  return { version: all.digest("hex").slice(0, 16), files };
}
