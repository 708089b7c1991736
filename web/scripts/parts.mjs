// Puts the two parts of the program, where `cargo xtask build` has split it, in the place of the one that Trunk wrote: names with
// the hash of what is in them, the sums that index.html vouches with, and the two lines by which wasm-bindgen's script tells
// web/rest.js of the first part.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What the files of the program that index.html loads begin with. */
export function programOf(html) {
  const [, name] = /\/([^/']+)_bg\.wasm'/.exec(html) ?? [];
  if (!name) throw new Error("index.html loads no program");
  return name;
}

/** index.html for a program in two parts; as it was when the program is whole. */
export function withParts(dist, html) {
  const loader = join(dist, "web/rest.js");
  const [first, rest] = ["first.wasm", "rest.wasm"].map((name) => join(dist, name));
  if (!existsSync(first)) {
    rmSync(loader);
    return html;
  }
  const whole = programOf(html);
  const script = introduced(readFileSync(join(dist, `${whole}.js`), "utf8"));
  const parts = [readFileSync(first), readFileSync(rest), script];
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part).update("\0");
  const name = whole.replace(/-[0-9a-f]+$/, `-${hash.digest("hex").slice(0, 16)}`);

  rmSync(join(dist, `${whole}_bg.wasm`));
  rmSync(join(dist, `${whole}.js`));
  renameSync(first, join(dist, `${name}_bg.wasm`));
  renameSync(rest, join(dist, `${name}_rest.wasm`));
  writeFileSync(join(dist, `${name}.js`), script);
  const of = { address: `../${name}_rest.wasm`, integrity: sum(parts[1]) };
  writeFileSync(loader, `globalThis.REST=${JSON.stringify(of)};\n${readFileSync(loader, "utf8")}`);

  // Before the program's own script: modules run in the order in which they stand.
  html = html.replace(/<script type="?module"?/, `<script type="module" src="./web/rest.js"></script>$&`);
  html = vouched(vouched(html, `${whole}_bg.wasm`, sum(parts[0])), `${whole}.js`, sum(script));
  return html.replaceAll(whole, name);
}

/** wasm-bindgen's script, telling of the first part and giving it what it imports beside what the script knows. */
function introduced(script) {
  return [
    [/^( *)"\.\/[\w-]+_bg\.js": import0,$/m, `$&\n$1rest: globalThis.programRest,`],
    [/^( *)wasm = instance\.exports;$/m, `$&\n$1globalThis.programRest.begin(wasm);`],
  ].reduce((script, [line, lines]) => {
    if (!line.test(script)) throw new Error(`wasm-bindgen's script has no line like ${line} any more`);
    return script.replace(line, lines);
  }, script);
}

/** The sum of a file beside the link that preloads it. */
function vouched(html, file, sum) {
  const links = [...html.matchAll(/<link[^>]*>/g)].map(([link]) => link).filter((link) => link.includes(`/${file}"`));
  return links.reduce((html, link) => html.replace(link, link.replace(/integrity="[^"]*"/, `integrity="${sum}"`)), html);
}

function sum(bytes) {
  return `sha384-${createHash("sha384").update(bytes).digest("base64")}`;
}
