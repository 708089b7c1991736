// Pictures of the page at every width we care for, dark and light: test-results/screenshots/WIDTH-SCHEME.png

import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { launch } from "./browser.mjs";
import { serve } from "./serve.mjs";
import { Visitor } from "./visitor.mjs";

const folder = fileURLToPath(new URL("../../test-results/screenshots/", import.meta.url));
const screens = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 768, height: 1024 },
  { width: 390, height: 844 },
];

mkdirSync(folder, { recursive: true });
const site = await serve();
const browser = await launch();
try {
  for (const screen of screens) {
    for (const scheme of ["light", "dark"]) {
      const page = await browser.newPage();
      await page.setViewport(screen);
      const visit = new Visitor(page, site.url);
      await visit.prefer(scheme);
      await visit.open();
      await page.evaluate(() => document.fonts.ready);
      await page.screenshot({ path: `${folder}${screen.width}-${scheme}.png`, fullPage: true });
      console.log(`test-results/screenshots/${screen.width}-${scheme}.png`);
      await page.close();
    }
  }
} finally {
  await browser.close();
  await site.close();
}
