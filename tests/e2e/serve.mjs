// A static server for dist/, no smarter than the simplest host the site may stand on.
// As a program: `node serve.mjs [--base /sub/path/]` serves until it is stopped.

import { createReadStream, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { path as scriptBefore, inserted as withScript } from "./webkit/before.mjs";

export const dist = fileURLToPath(new URL("../../dist/", import.meta.url));

const types = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".md": "text/markdown; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".yaml": "application/yaml; charset=utf-8",
};

/**
 * Serves `root` below the path `base` on a free port of this machine. `before` returns a script to send before the page's own,
 * for a browser that cannot be told to run one.
 * @returns {Promise<{url: string, close: () => Promise<void>}>} where the site is, and how to end it
 */
export async function serve({ root = dist, base = "/", port = 0, before } = {}) {
  const server = createServer((request, response) => {
    if (before && request.url === base + scriptBefore) {
      response.writeHead(200, { "content-type": types[".js"], "cache-control": "no-store" }).end(before());
      return;
    }
    const file = fileFor(request.url, root, base);
    if (!file) {
      response.writeHead(404, { "content-type": "text/plain" }).end("not found\n");
      return;
    }
    const type = types[extname(file)] ?? "application/octet-stream";
    // The element is loaded by pages of other sites.
    const shared = file.endsWith("playground.js") ? { "access-control-allow-origin": "*" } : {};
    response.writeHead(200, { "content-type": type, "cache-control": "no-store", ...shared });
    if (before && file.endsWith("index.html")) response.end(withScript(readFileSync(file, "utf8")));
    else createReadStream(file).pipe(response);
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${server.address().port}${base}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The file that a request means, or nothing when it lies outside `base` or `root`, or does not exist. */
function fileFor(url, root, base) {
  const { pathname } = new URL(url, "http://host");
  if (!pathname.startsWith(base)) return undefined;
  // Dist has no name that needs escapes: what is escaped is not there.
  const inside = normalize(pathname.slice(base.length));
  if (inside.startsWith("..") || inside.startsWith(sep)) return undefined;
  const file = join(root, inside === "." ? "index.html" : inside);
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? file : undefined;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const at = process.argv.indexOf("--base");
  const { url } = await serve({ base: at > 0 ? process.argv[at + 1] : "/", port: 8080 });
  console.log(`serving dist/ at ${url}`);
}
