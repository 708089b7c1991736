// The diagram: zoomed, searched, grouped when there are many, and the inspector's story.

import assert from "node:assert/strict";
import { test } from "node:test";

import { noBarriers } from "../axe.mjs";
import { enter, press, toTerminal } from "../hands.mjs";
import { visit } from "../visit.mjs";

const ready = "Service nginx-service: 1 endpoint, ready.";

for (const [width, height] of [[1440, 900], [1024, 768], [768, 1024], [390, 844]]) {
  test(`the first scene fits a window of ${width} pixels without scrolling`, (t) =>
    visit(
      t,
      async (visit) => {
        await visit.sees(ready);
        const fits = () => {
          const stage = document.querySelector(".stage");
          const figures = [...stage.querySelectorAll(".cover")].map((cover) => cover.getBoundingClientRect());
          const room = stage.getBoundingClientRect();
          return figures.length > 4 && figures.every(({ left, right, top, bottom }) =>
            left >= room.left - 1 && right <= room.right + 1 && top >= room.top - 1 && bottom <= room.bottom + 1);
        };
        await visit.until(fits);
      },
      { width, height },
    ));
}

test("zoom by buttons, keys and wheel, and back to fit", (t) =>
  visit(t, async (visit) => {
    await visit.sees(ready);
    const width = () => visit.page.$eval("[data-diagram]", (svg) => svg.getBoundingClientRect().width);
    const changes = async (how, act) => {
      await visit.settled();
      await visit.still();
      const before = await width();
      await act();
      await visit.until(how, before);
    };
    const larger = (before) => document.querySelector("[data-diagram]").getBoundingClientRect().width > before * 1.1;
    const smaller = (before) => document.querySelector("[data-diagram]").getBoundingClientRect().width < before * 0.95;
    await changes(larger, () => press(visit, "button", "Zoom in"));
    await changes(smaller, () => press(visit, "button", "Fit"));
    await visit.focus('rect.cover[aria-label^="Pod nginx"]');
    await changes(larger, () => visit.press("+"));
    await changes(smaller, () => visit.press("0"));
    const box = await visit.page.$eval(".stage", (stage) => stage.getBoundingClientRect().toJSON());
    await visit.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await changes(larger, async () => {
      await visit.page.keyboard.down("Control");
      for (let turn = 0; turn < 4; turn += 1) await visit.page.mouse.wheel({ deltaY: -100 });
      await visit.page.keyboard.up("Control");
    });
  }));

test("many pods are counted, found and grouped", (t) =>
  visit(t, async (visit) => {
    await visit.sees(ready);
    await toTerminal(visit);
    await enter(visit, "kubectl create deployment many --image=nginx --replicas=100");
    await enter(visit, "kubectl expose deployment many --port=80");
    await (await visit.role("combobox", "Speed of time")).select("20×");
    await visit.until(
      () => [...document.querySelectorAll(".crowd .cover")].filter((crowd) => / ready, all with app=many$/.test(crowd.ariaLabel) && !crowd.ariaLabel.includes("not ready")).length === 3,
    );
    await press(visit, "button", "View");
    await noBarriers(visit, "a crowd");
    await visit.reach("searchbox", "Find");
    await visit.type("many-");
    await visit.sees("3 found");
    await visit.press("Enter");
    await visit.until(() => document.activeElement?.ariaLabel?.includes("pods of many"));
    await (await visit.role("combobox", "Group pods")).select("By namespace");
    await visit.until(() => document.querySelector(".crowd .cover")?.ariaLabel.includes("pods of namespace default"));
    await (await visit.role("combobox", "Group pods")).select("Every pod");
    await visit.until(() => document.querySelectorAll(".figure.process").length === 101);
    await visit.reach("checkbox", "Only these");
    await visit.press(" ");
    await visit.until(() => document.querySelectorAll(".figure.process").length === 100);
  }));

test("an object tells its story, and a node its rules", (t) =>
  visit(t, async (visit) => {
    await visit.sees(ready);
    await open(visit, "Pod nginx");
    await toggle(visit, "How it came to be");
    await visit.sees("you made it");
    await visit.sees("default-scheduler changed spec.nodeName");
    await toggle(visit, "Its events");
    await visit.sees("Container started");
    await noBarriers(visit, "the inspector");
    await visit.focus('.story button[aria-label^="Look back at"]');
    await visit.press("Enter");
    await visit.sees("You are looking at");
    await press(visit, "button", "Return to now");
    await open(visit, "Node minikube,");
    await toggle(visit, "Its rules");
    await visit.sees("iptables-save -c");
    await noBarriers(visit, "the rules");
    await visit.focus("::-p-xpath(//table[contains(@class,'rules')]//button[.='Service nginx-service'])");
    await visit.press("Enter");
    await visit.role("heading", "Service nginx-service");
  }));

async function open(visit, name) {
  await visit.focus(`rect.cover[aria-label^="${name}"]`);
  await visit.press("Enter");
  await visit.role("region", "Inspector");
}

async function toggle(visit, summary) {
  await visit.focus(`::-p-xpath(//summary[.='${summary}'])`);
  await visit.press("Enter");
}
