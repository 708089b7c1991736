// The script of index.html that loads the program. Trunk's does so before anything else; this one lets a first view be painted
// (web/src/first-view.ts), and vouches for what it loads.

/** Trunk's script, and the links that begin to load what it needs. */
const SCRIPT = /<script type="?module"?>\s*import init\b[\s\S]*?<\/script>/;
const LINKS = /<link rel="?(?:modulepreload|preload)"?[^>]*>/g;

/** index.html with a script of our own, for a program whose files' names begin with `name`. */
export function startedByUs(html, name) {
  if (!SCRIPT.test(html)) throw new Error("index.html has no script of Trunk's any more that loads the program");
  const links = html.match(LINKS) ?? [];
  const files = ["_bg.wasm", ".js"].map((end) => ({ address: `./${name}${end}`, integrity: sumBeside(links, name + end) }));
  return html.replace(LINKS, "").replace(SCRIPT, () => `<script type="module">${script(...files)}</script>`);
}

function script(program, bindings) {
  return [
    `await globalThis.painted;`,
    // An import cannot say the sum of what it wants; who loaded it before can.
    `document.head.append(Object.assign(document.createElement("link"), ${JSON.stringify({
      rel: "modulepreload",
      crossOrigin: "anonymous",
      href: bindings.address,
      integrity: bindings.integrity,
    })}));`,
    `const program = fetch("${program.address}", { integrity: "${program.integrity}" });`,
    `const [answer, { default: begin }] = await Promise.all([program, import("${bindings.address}")]);`,
    `await begin({ module_or_path: answer });`,
  ].join("\n");
}

/** What a link says is the sum of a file. */
function sumBeside(links, file) {
  const link = links.find((link) => link.includes(`/${file}"`));
  const [, sum] = /integrity="([^"]+)"/.exec(link ?? "") ?? [];
  if (!sum) throw new Error(`index.html has no link with a sum of ${file}`);
  return sum;
}
