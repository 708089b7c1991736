// What is given away of a version: `node release.mjs DIST OUT VERSION`. Writes below OUT, whatever was there before:
//
// - services-playground-site-VERSION.tar.gz: the site with each text and the wasm compressed beside itself (.gz, .br)
// - services-playground-element-VERSION.tgz: the npm package of the element, as `npm pack` makes it
// - services-playground-lessons-VERSION.tar.gz: the lessons and exercises, for `playground check` and other sites
// - SHA384SUMS: a sum of each, and of playground.js as `integrity` has it

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [dist, out, version] = process.argv.slice(2);
if (!version) throw new Error("say where the site is, where to write, and which version: node release.mjs DIST OUT VERSION");

/** Files that a server sends compressed, if it finds them so. */
const COMPRESSED = /\.(css|html|js|json|md|svg|txt|wasm|webmanifest|yaml)$/;
/** Smaller ones gain nothing. */
const LEAST = 500;

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const site = join(out, `services-playground-site-${version}`);
cpSync(dist, site, { recursive: true });
for (const entry of readdirSync(site, { recursive: true, withFileTypes: true })) {
  const file = join(entry.parentPath, entry.name);
  if (!entry.isFile() || !COMPRESSED.test(file)) continue;
  const bytes = readFileSync(file);
  if (bytes.length < LEAST) continue;
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }));
}
packed(site);

const element = join(out, "element");
const integrity = `sha384-${createHash("sha384").update(readFileSync(join(dist, "playground.js"))).digest("base64")}`;
mkdirSync(element);
cpSync(join(dist, "playground.js"), join(element, "playground.js"));
writeFileSync(join(element, "README.md"), readme(integrity));
writeFileSync(join(element, "package.json"), `${JSON.stringify(manifest(), null, 2)}\n`);
execFileSync("npm", ["pack", "--silent", "--pack-destination", resolve(out)], { cwd: element });
rmSync(element, { recursive: true });

const lessons = join(out, `services-playground-lessons-${version}`);
cpSync(join(dist, "lessons"), lessons, { recursive: true });
packed(lessons);

const sums = readdirSync(out)
  .sort()
  .map((file) => `${createHash("sha384").update(readFileSync(join(out, file))).digest("hex")}  ${file}\n`);
writeFileSync(join(out, "SHA384SUMS"), `${sums.join("")}# playground.js: integrity="${integrity}"\n`);

/** Makes a folder of OUT an archive. Equal files make equal archives: no names, no times of this machine. */
function packed(folder) {
  const name = folder.slice(out.length + 1);
  const plain = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=UTC 2020-01-01"];
  const tar = execFileSync("tar", [...plain, "-C", out, "-cf", "-", name], { maxBuffer: 1 << 28 });
  writeFileSync(`${folder}.tar.gz`, gzipSync(tar, { level: 9 }));
  rmSync(folder, { recursive: true });
}

function manifest() {
  return {
    name: "services-playground-element",
    version,
    description: "<services-playground>: Kubernetes Services to try out, in any page.",
    license: "MIT OR Apache-2.0",
    repository: "https://github.com/services-playground/services-playground",
    main: "playground.js",
    sideEffects: true,
    files: ["playground.js", "README.md"],
  };
}

function readme(integrity) {
  return `# \`<services-playground>\`

\`\`\`js
import "services-playground-element";
\`\`\`

\`\`\`html
<services-playground site="https://YOUR.SITE/" exercise="ghost-service"></services-playground>
\`\`\`

\`site\` is where a copy of the Services Playground stands. Without a bundler, load the script from there and leave \`site\` out:

\`\`\`html
<script defer src="https://YOUR.SITE/playground.js" integrity="${integrity}" crossorigin="anonymous"></script>
\`\`\`
`;
}
