// WebKit under puppeteer's names: a browser, its profiles and their pages. Each profile is a MiniBrowser of its own.

import { start } from "./driver.mjs";
import { Page } from "./page.mjs";

/** Starts WebKit's driver, which is `executable`. */
export async function launch(executable) {
  const driver = await start(executable);
  return {
    connected: true,
    close: driver.close,
    createBrowserContext: async () => {
      let page;
      return {
        newPage: async () => (page = new Page(await driver.open())),
        close: () => page?.close(),
      };
    },
  };
}
