// Requests without the terminal: chosen in a form, dragged, sent by keys of the diagram; watched, stepped, counted.

import assert from "node:assert/strict";
import { test } from "node:test";

import { noBarriers } from "../axe.mjs";
import { cannotPrefer } from "../browser.mjs";
import { edit, press } from "../hands.mjs";
import { visit } from "../visit.mjs";

const ready = "Service nginx-service: 1 endpoint, ready.";

test("a request is chosen in the form, watched and stepped through by keyboard", (t) =>
  visit(t, async (visit) => {
    await visit.sees(ready);
    await press(visit, "button", "Send a request");
    await choose(visit, "From", "your laptop");
    await choose(visit, "From", "node minikube");
    await choose(visit, "To", /^Service nginx-service by cluster IP/);
    await noBarriers(visit, "the form");
    await press(visit, "button", "Send");
    await visit.role("group", "Player of the request");
    await visit.sees("200 OK");
    await press(visit, "button", "Step");
    await press(visit, "button", "Step back");
    await visit.reach("slider", "Position in the request");
    await visit.press("Home");
    await visit.sees("1/");
    const before = await at(visit);
    await visit.press("End");
    await visit.until((before) => document.querySelector(".packet")?.getAttribute("transform") !== before, before);
    // The end has a sign and a word.
    await visit.until(() => document.querySelector(".badge-end text")?.textContent === "200");
    await press(visit, "button", "Faster");
    await visit.sees("2×");
    for (let slower = 0; slower < 3; slower += 1) await press(visit, "button", "Slower");
    await visit.sees("0.25×");
    await press(visit, "button", "Replay");
    await visit.until(() => document.querySelector(".badge-end") === null);
    await press(visit, "button", "Pause");
    await noBarriers(visit, "a request");
    await press(visit, "button", "Close the request");
    await visit.until(() => document.querySelector(".player") === null);
  }));

test("a hop shows its box and its line", (t) =>
  visit(t, async (visit) => {
    await visit.sees(ready);
    await edit(visit, "app: nginx-service", "s", 1);
    await visit.sees("no endpoints: pod nginx has app=nginx-service, not app=nginx-services");
    // Until every node's kube-proxy has heard of it, the old rules still lead to the pod.
    await visit.until(() => !document.querySelector("[data-diagram]").textContent.includes("old rules"));
    await keys(visit, "Pod nginx", "Service nginx-service");
    await visit.sees("a rule here refuses: the Service has no endpoint");
    await visit.focus(".why-panel li.bad .hop-button");
    await visit.press("Enter");
    await visit.page.waitForSelector(".figure.front-door.lit.now");
    await visit.until(() => getSelection()?.toString() === "selector:");
    await visit.until(() => document.activeElement?.classList.contains("hop-button"));
    await press(visit, "button", "Step");
    await (await visit.role("slider", "Position in the request")).press("End");
    await visit.until(() => document.querySelector(".badge-end text")?.textContent === "refused");
  }));

test("endings that mean different things look different", (t) =>
  visit(t, async (visit) => {
    await visit.sees(ready);
    const endings = new Map();
    for (const [to, word] of [
      ["Service nginx-service by name · nginx-service:80", "no such name"],
      [/^Service nginx-service by cluster IP/, "lost"],
      [/^pod nginx/, "lost"],
    ]) {
      await send(visit, "your laptop", to);
      endings.set(word, await ending(visit, word));
    }
    await send(visit, "pod nginx", "Service nginx-service by name · nginx-service:80");
    endings.set("200", await ending(visit, "200"));
    await edit(visit, "targetPort: 80", "80");
    await visit.sees("nothing listens on 8080");
    for (let tries = 0; tries < 9; tries += 1) {
      await send(visit, "pod nginx", "Service nginx-service by name · nginx-service:80");
      await (await visit.role("slider", "Position in the request")).press("End");
      const end = await visit.page.waitForSelector(".badge-end text");
      if ((await end.evaluate((text) => text.textContent)) === "refused") break;
    }
    endings.set("refused", await ending(visit, "refused"));
    assert.equal(new Set(endings.values()).size, endings.size, `each has a shape of its own: ${[...endings.keys()]}`);
  }));

test("a request is dragged from box to box", (t) =>
  visit(t, async (visit) => {
    await visit.sees(ready);
    const [from, to] = [await middle(visit, "Pod nginx"), await middle(visit, "Service nginx-service")];
    await visit.page.mouse.move(from.x, from.y);
    await visit.page.mouse.down();
    await visit.page.mouse.move(from.x + 20, from.y - 20, { steps: 3 });
    await visit.page.waitForSelector("line.rubber");
    await visit.page.mouse.move(to.x, to.y, { steps: 5 });
    await visit.page.mouse.up();
    await visit.sees("pod nginx to nginx-service:80: 200 OK");
    // A Service is no place that could send.
    await press(visit, "button", "Close the request");
    await keys(visit, "Service nginx-service", "Pod nginx");
    await visit.sees("it is no machine, only rules on machines");
  }));

test("a hundred requests are counted by who answered", (t) =>
  visit(t, async (visit) => {
    await visit.sees(ready);
    await press(visit, "button", "Send a request");
    await choose(visit, "From", "pod nginx");
    await choose(visit, "To", "Service nginx-service by name · nginx-service:80");
    await choose(visit, "Times", "100 ×");
    await press(visit, "button", "Send");
    await visit.role("table", "Of 100 requests: pod nginx 100.");
    await noBarriers(visit, "many requests");
    await press(visit, "button", "pod nginx: show one of them");
    await visit.sees("pod nginx to nginx-service:80: 200 OK");
    await press(visit, "button", "All of them");
    await visit.sees("Who answered?");
  }));

test("without movement the packet steps", { skip: cannotPrefer }, (t) =>
  visit(t, async (visit) => {
    await visit.page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "reduce" }]);
    await visit.sees(ready);
    await visit.page.evaluate(() => {
      globalThis.places = new Set();
      const look = () => {
        const packet = document.querySelector(".packet");
        if (packet) globalThis.places.add(packet.getAttribute("transform"));
        requestAnimationFrame(look);
      };
      look();
    });
    await keys(visit, "Pod nginx", "Service nginx-service");
    await visit.page.waitForSelector(".badge-end");
    const places = await visit.page.evaluate(() => globalThis.places.size);
    assert.ok(places < 12, `${places} places`);
  }));

/** Chooses in a list by its label. */
async function choose(visit, list, option) {
  const select = await visit.role("combobox", list);
  const value = await select.evaluate((select, option, source) => {
    const fits = (value) => (source ? new RegExp(source).test(value) : value === option);
    return [...select.options].map(({ value }) => value).find(fits);
  }, typeof option === "string" ? option : "", option.source ?? "");
  assert.ok(value, `${option} is offered`);
  await select.select(value);
}

async function send(visit, from, to) {
  if (!(await visit.page.$("form.ask:not([hidden])"))) await press(visit, "button", "Send a request");
  await choose(visit, "From", from);
  await choose(visit, "To", to);
  await press(visit, "button", "Send");
}

/** The shape of the badge at the end of the request that is shown. */
async function ending(visit, word) {
  await (await visit.role("slider", "Position in the request")).press("End");
  await visit.until((word) => document.querySelector(".badge-end text")?.textContent === word, word);
  return visit.page.$eval(".badge-end .plate", (plate) => plate.getAttribute("d"));
}

/** Sends from one box to another by the keys of the diagram. */
async function keys(visit, from, to) {
  await focus(visit, from);
  await visit.press("r");
  await visit.sees("go to another box and press Enter");
  await focus(visit, to);
  await visit.press("Enter");
}

async function focus(visit, name) {
  await visit.focus(`rect.cover[aria-label^="${name}"]`);
}

async function middle(visit, name) {
  await visit.settled();
  await visit.still();
  const box = await visit.page.waitForSelector(`rect.cover[aria-label^="${name}"]`);
  return box.evaluate((box) => {
    const { left, top, width, height } = box.getBoundingClientRect();
    return { x: left + width / 2, y: top + height / 2 };
  });
}

/** Where the packet is. */
function at(visit) {
  return visit.page.$eval(".packet", (packet) => packet.getAttribute("transform"));
}
