// Time in the visitor's hands: it is stopped, stepped, gone back in, and returned to.

import assert from "node:assert/strict";
import { test } from "node:test";

import { noBarriers } from "../axe.mjs";
import { edit, press } from "../hands.mjs";
import { visit } from "../visit.mjs";

const ready = "Service nginx-service: 1 endpoint, ready.";
const broken = "nothing listens on 8080 in pod nginx";

test("the past is marked, watched and left", (t) =>
  visit(t, async (visit) => {
    await visit.sees(ready);
    await edit(visit, "targetPort: 80", "80");
    await visit.sees(broken);
    await press(visit, "button", "Back to the event before");
    await visit.sees("You are looking at");
    await visit.page.waitForSelector(".diagram.past");
    await noBarriers(visit, "the past");
    const moment = await visit.role("slider", "Moment that is shown");
    assert.match(await moment.evaluate((moment) => moment.getAttribute("aria-valuetext")), /in the past$/);
    // Back to when all was well.
    for (let back = 0; back < 20 && !(await visit.text()).includes(ready); back += 1) {
      await press(visit, "button", "Back to the event before");
      await visit.settled();
    }
    await visit.sees(ready);
    await press(visit, "button", "Watch from here");
    await visit.role("button", "Stop");
    await press(visit, "button", "Return to now");
    await visit.sees(broken);
    await visit.until(() => document.querySelector(".diagram.past") === null);
    await visit.focus(".happened summary");
    await visit.press("Enter");
    await visit.sees("you changed Service nginx-service");
    await noBarriers(visit, "what happened");
  }));

test("time stands still and goes on step by step", (t) =>
  visit(t, async (visit) => {
    await visit.sees(ready);
    await press(visit, "button", "Time stands still");
    const clock = () => visit.page.$eval(".clock time", (time) => time.textContent);
    const before = await clock();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.equal(await clock(), before);
    await edit(visit, "targetPort: 80", "80");
    // Both keys are one change, or two on a machine that is slow to type.
    for (let on = 0; on < 9 && !(await visit.text()).includes(broken); on += 1) {
      await press(visit, "button", "On to the next event");
      await visit.settled();
    }
    await visit.sees(broken);
    await press(visit, "button", "Time stands still");
    await visit.until((before) => document.querySelector(".clock time").textContent !== before, before);
    await (await visit.role("combobox", "Speed of time")).select("20×");
    await visit.until(() => document.querySelector(".time select").value === "20×");
  }));
