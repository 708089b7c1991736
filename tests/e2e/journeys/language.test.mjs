// A visitor reads Turkish, and finds the page so again.

import { test } from "node:test";

import { press } from "../hands.mjs";
import { visit } from "../visit.mjs";

test("the page speaks another language when it is chosen, and still does on the next visit", (t) =>
  visit(t, async (visit) => {
    const language = (lang) => visit.until((lang) => document.documentElement.lang === lang, lang);
    await visit.role("region", "Diagram");
    await language("en");
    await press(visit, "button", "Settings");
    await (await visit.role("combobox", "Language")).select("tr");
    await visit.role("region", "Çizim");
    await language("tr");
    // The list is gone with the English views: who chose goes on at the button that opened it.
    await visit.until(() => document.activeElement?.getAttribute("aria-label") === "Ayarlar");
    await visit.page.waitForSelector(".cm-content");
    await visit.open();
    await visit.role("region", "Çizim");
    await language("tr");
    await press(visit, "button", "Ayarlar");
    await (await visit.role("combobox", "Dil")).select("en");
    await visit.role("region", "Diagram");
    await language("en");
  }));
