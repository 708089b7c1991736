// One exercise as a SCORM 1.2 package, for learning platforms: `node scorm.mjs SITE EXERCISE TITLE OUT.zip`
//
// SITE is where a copy of the site stands; the package has a page with the element in it, and tells the platform what became of it.

import { readFileSync, writeFileSync } from "node:fs";
import { crc32 } from "node:zlib";

const [site, exercise, title, out] = process.argv.slice(2);
if (!out) throw new Error("say where the site is, which exercise, its title and where to write: node scorm.mjs SITE EXERCISE TITLE OUT.zip");
if (!/^https?:/.test(site)) throw new Error(`${site}: the address of a site begins with https:`);
if (!/^[a-z0-9-]+$/.test(exercise)) throw new Error(`${exercise}: an exercise's name has letters, digits and hyphens`);

const template = (name) =>
  readFileSync(new URL(`./scorm/${name}`, import.meta.url), "utf8")
    .replaceAll("{SITE}", escaped(site.replace(/\/?$/, "/")))
    .replaceAll("{EXERCISE}", exercise)
    .replaceAll("{TITLE}", escaped(title));

writeFileSync(out, zip(["imsmanifest.xml", "index.html", "scorm.js"].map((name) => [name, template(name)])));

/** Text as XML and HTML have it. */
function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** Files as an archive, stored as they are (APPNOTE.TXT 4.3): they are small. */
function zip(files) {
  const [parts, directory] = [[], []];
  let at = 0;
  for (const [name, text] of files) {
    const bytes = Buffer.from(text);
    const common = Buffer.alloc(26);
    // Version 2.0; UTF-8 names; stored; 1 January 1980.
    [[20, 0], [0x800, 2], [0, 4], [0, 6], [0x21, 8]].forEach(([value, place]) => common.writeUInt16LE(value, place));
    [[crc32(bytes), 10], [bytes.length, 14], [bytes.length, 18]].forEach(([value, place]) => common.writeUInt32LE(value, place));
    common.writeUInt16LE(name.length, 22);
    const entry = Buffer.alloc(14);
    entry.writeUInt32LE(at, 10);
    const local = [Buffer.from("PK\x03\x04"), common, Buffer.from(name), bytes];
    parts.push(...local);
    directory.push(Buffer.from("PK\x01\x02\x14\x00"), common, entry, Buffer.from(name));
    at += local.reduce((sum, part) => sum + part.length, 0);
  }
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06");
  for (const place of [8, 10]) end.writeUInt16LE(files.length, place);
  end.writeUInt32LE(directory.reduce((sum, part) => sum + part.length, 0), 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, ...directory, end]);
}
