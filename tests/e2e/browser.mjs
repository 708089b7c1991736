// A stock browser, driven by puppeteer: Chromium over its own protocol, Firefox over WebDriver BiDi. WebKit knows neither: its
// driver is spoken to directly, under puppeteer's names.
// Which one, and where it (or WebKit's driver) is, comes from xtask: E2E_BROWSER (chromium, firefox or webkit) and E2E_EXECUTABLE.

import puppeteer from "puppeteer-core";

import { launch as launchWebKit } from "./webkit/browser.mjs";

export const browserName = process.env.E2E_BROWSER ?? "chromium";

/** Why a journey is skipped that is about what the visitor's system prefers: only Chromium can be told. */
export const cannotPrefer = browserName !== "chromium" && "what a visitor prefers cannot be set here";

/** Starts the browser with an empty profile of its own. */
export async function launch() {
  const executablePath = process.env.E2E_EXECUTABLE;
  if (!executablePath) throw new Error("E2E_EXECUTABLE is not set: run this through cargo xtask test");
  if (browserName === "webkit") return launchWebKit(executablePath);
  return browserName === "firefox"
    ? puppeteer.launch({ browser: "firefox", executablePath, headless: true, extraPrefsFirefox: quietFirefox })
    : puppeteer.launch({ browser: "chrome", executablePath, headless: true, args: quietChromium });
}

// Containers run as root without a GPU; and a test browser has no business on the network.
const quietChromium = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const quietFirefox = {
  "app.update.disabledForTesting": true,
  "datareporting.policy.dataSubmissionEnabled": false,
  "network.captive-portal-service.enabled": false,
};
