// The course by keyboard: every lesson and exercise is done with what the page itself says, one after the other on one page;
// and the ways around it. The journey's clock runs faster than the visitor's would: what waits for pods need not be waited for.

import assert from "node:assert/strict";
import { test } from "node:test";

import { browserName } from "../browser.mjs";
import { enter, paste, press, toTerminal } from "../hands.mjs";
import { visit } from "../visit.mjs";

/** A journey whose page is so many times faster than itself. */
const hurried = (test, journey, options = {}) => visit(test, journey, { ...options, pace: 25 });

const inPage = (visit, of, ...rest) => visit.page.evaluate(of, ...rest);

/** What the pane of the course says of where the learner is. */
const standing = (visit) =>
  inPage(visit, () => {
    const step = document.querySelector(".step[aria-current]");
    return {
      title: document.querySelector("#pane-lesson h2")?.textContent,
      steps: document.querySelectorAll(".step").length,
      over: document.querySelector(".course-end") !== null,
      open: step ? [...step.querySelectorAll(".goal.question:not(.good)")].length : 0,
    };
  });

/** Answers the questions of the current step: each option is tried until one is right, and each says why it is or is not. */
async function answer(visit) {
  for (;;) {
    const { open, steps, over } = await standing(visit);
    if (over || open === 0) return;
    const radios = await visit.page.$$(".step[aria-current] .goal.question:not(.good) input[type=radio]");
    await visit.focus(".step[aria-current] .goal.question:not(.good) input[type=radio]");
    const said = await inPage(visit, () => (globalThis.question = document.activeElement.closest(".question"))?.textContent);
    assert.ok(said);
    for (let option = 0; ; option += 1) {
      assert.ok(option < radios.length, `one of the answers is right: ${said}`);
      await visit.press(option === 0 ? " " : "ArrowDown");
      await visit.until((option) => globalThis.question.querySelectorAll("input")[option]?.checked, option);
      await visit.until(() => globalThis.question.querySelector(".note"));
      if (await inPage(visit, () => globalThis.question.querySelector(".note.good") !== null)) break;
    }
    // The last goal of a step that is reached leads on a moment later.
    await visit.until(
      (steps) =>
        document.querySelectorAll(".step").length !== steps ||
        document.querySelector(".course-end") ||
        document.querySelector(".step[aria-current] .goal:not(.good)"),
      steps,
    );
  }
}

/** Asks for hints until the solution can be had, and returns it. */
async function solution(visit) {
  for (let hints = 0; hints < 12; hints += 1) {
    const found = await inPage(visit, () => {
      const step = document.querySelector(".step[aria-current]");
      const commands = step?.querySelector("[data-solution] .commands");
      if (commands) return [...commands.querySelectorAll("code")].map((line) => line.textContent).join("\n");
      return step?.querySelector("[data-solution] pre")?.textContent;
    });
    if (found) return found;
    // A hint or the solution.
    await visit.focus(".step[aria-current] .help .actions button");
    await visit.press("Enter");
  }
  throw new Error("the hints never end");
}

/** Runs the lines of a solution, each when the prompt is back. Pasted: key by key, the lessons would take twice as long. */
async function run(visit, lines) {
  await toTerminal(visit);
  for (const line of lines.split("\n").filter((line) => line.trim() !== "")) {
    await visit.until(() => ["$ ", "> "].includes(document.querySelector(".prompt")?.textContent));
    await paste(visit, line);
  }
  await visit.until(() => document.querySelector(".prompt")?.textContent === "$ ");
}

/** Does the lesson that is open. */
async function lesson(visit) {
  const { title } = await standing(visit);
  for (let rounds = 0; rounds < 20; rounds += 1) {
    await answer(visit);
    const before = await standing(visit);
    if (before.over) return title;
    await run(visit, await solution(visit));
    const onward = (steps) => document.querySelectorAll(".step").length !== steps || document.querySelector(".course-end");
    await visit
      .until(onward, before.steps)
      .catch(async () => assert.fail(`${title}, step ${before.steps} is not done:\n${await visit.text()}`));
  }
  return assert.fail(`${title} never ends`);
}

async function openMap(visit) {
  await press(visit, "button", "Course");
  await visit.page.waitForSelector(".entry");
}

async function open(visit, title) {
  await visit.focus(`::-p-xpath(//button[contains(@class, 'entry')][.//*[.='${title}']])`);
  await visit.press("Enter");
  await visit.until(() => document.querySelector(".step[aria-current]"));
}

/** Chooses what the workshop's nth list offers under these words, and takes it. */
async function offered(visit, words, list = 0) {
  await visit.until(
    (words, list) => {
      const found = document.querySelectorAll(".draft select:has(optgroup)")[list];
      const option = [...(found?.options ?? [])].find((option) => option.text === words);
      if (option) found.value = option.value;
      return option;
    },
    words,
    list,
  );
  await inPage(
    visit,
    (list) => {
      const lists = document.querySelectorAll(".draft select:has(optgroup)");
      lists[list].closest("label").nextElementSibling.querySelector("button").focus();
    },
    list,
  );
  await visit.press("Enter");
}

/** Writes into the nth field of this name. */
async function fill(visit, name, text, nth = 0) {
  const field = `::-p-xpath((//label[starts-with(normalize-space(.), '${name}')]//*[self::input or self::textarea])[${nth + 1}])`;
  await visit.focus(field);
  await visit.press("Control", "a");
  await visit.type(text);
}

// The driver of WebKit takes five minutes for it.
test("every lesson and exercise is done with what the page says", { skip: browserName === "webkit" && "done in the other browsers" }, (t) =>
  hurried(t, async (visit) => {
    await openMap(visit);
    const all = await visit.page.$$eval(".entry .title", (titles) => titles.map((title) => title.textContent));
    assert.ok(all.length > 70, `${all.length} lessons`);
    await open(visit, all[0]);
    const done = [];
    const started = Date.now();
    for (const title of all) {
      await visit.until((title) => document.querySelector("#pane-lesson h2")?.textContent === title, title);
      const from = Date.now();
      done.push(await lesson(visit));
      t.diagnostic(`${title}: ${Date.now() - from} ms`);
      if ((await visit.page.$(".course-end .primary")) === null) break;
      await visit.focus(".course-end .primary");
      await visit.press("Enter");
      await visit.until((title) => document.querySelector("#pane-lesson h2")?.textContent !== title, title);
    }
    t.diagnostic(`all of them: ${Math.round((Date.now() - started) / 1000)} s`);
    assert.deepEqual(done, all);
    await press(visit, "button", "Map");
    await visit.sees(`${all.length} of ${all.length} done`);
  }));

test("a lesson leaves the own text alone, can be undone, and progress comes back", (t) =>
  hurried(t, async (visit) => {
    await visit.sees("Service nginx-service: 1 endpoint, ready.");
    await openMap(visit);
    await open(visit, "What happens to the call?");
    assert.doesNotMatch(await visit.text(), /nginx-service/);
    await answer(visit);
    await visit.sees("Now try it");
    await visit.open();
    await visit.sees("Now try it");
    await press(visit, "button", "Leave the lesson");
    await visit.sees("Service nginx-service: 1 endpoint, ready.");
    await visit.sees("begun");
    await press(visit, "button", "Forget…");
    await press(visit, "button", "Forget it");
    await visit.until(() => !document.querySelector(".entry .state")?.textContent.includes("begun"));
  }));

test("the walk stops at the fault and leads to the line", (t) =>
  hurried(t, async (visit) => {
    await visit.sees("Service nginx-service: 1 endpoint, ready.");
    await press(visit, "button", "Find the fault");
    await press(visit, "button", "Walk");
    await visit.sees("Every station says yes");
    await toTerminal(visit);
    await enter(visit, "kubectl set selector service nginx-service app=wrong");
    await visit.sees("no endpoints");
    await press(visit, "button", "Walk");
    await visit.sees("no pod has app=wrong");
    await press(visit, "button", "Show the line");
    await visit.until(() => /app|selector/.test(getSelection()?.toString()));
  }));

test("practice is shared by its address, and an exam has a report", (t) =>
  hurried(t, async (visit) => {
    await visit.open("#practice=7-1");
    await visit.sees("Practice 7");
    await lesson(visit);
    await press(visit, "button", "Map");
    await press(visit, "button", "To the exam");
    await press(visit, "button", "Begin a short one: 4 tasks");
    await visit.sees("left");
    await visit.focus(".entry");
    await visit.press("Enter");
    await visit.until(() => document.querySelector(".step[aria-current]"));
    await visit.sees("Task 1 of the exam");
    await press(visit, "button", "To the tasks");
    await press(visit, "button", "Hand in");
    await press(visit, "button", "Go on working");
    await press(visit, "button", "Hand in");
    await visit.focus("[role=alertdialog] .primary");
    await visit.press("Enter");
    await visit.sees("Not passed yet");
    await press(visit, "button", "Put this exam away");
  }));

test("an exam goes on after the page was loaded again", (t) =>
  hurried(t, async (visit) => {
    await openMap(visit);
    await press(visit, "button", "To the exam");
    await press(visit, "button", "Begin a short one: 4 tasks");
    await visit.focus(".entry");
    await visit.press("Enter");
    await visit.sees("Task 1 of the exam");
    const { title } = await standing(visit);
    await run(visit, "kubectl create configmap mine --from-literal=a=b");
    await visit.open();
    await visit.sees("Task 1 of the exam");
    assert.equal((await standing(visit)).title, title);
    await run(visit, "kubectl get configmaps");
    await visit.sees("mine");
    await press(visit, "button", "To the tasks");
    await visit.sees("left");
  }));

test("a lesson is told in Turkish where it can be, and is in front on a phone", (t) =>
  hurried(
    t,
    async (visit) => {
      await visit.open("#lesson=ghost-service");
      await visit.sees("What happens to the call?");
      await inPage(visit, () => {
        const list = document.querySelector("select:has(option[value=tr])");
        list.value = "tr";
        list.dispatchEvent(new Event("change", { bubbles: true }));
      });
      await visit.sees("Çağrıya ne olur?");
      await visit.open("#lesson=two-doors");
      await visit.sees("Bu dersin Türkçesi henüz yok");
    },
    { width: 390, height: 844 },
  ));

test("of a lesson from elsewhere no more is read than a lesson may have", { skip: browserName !== "chromium" }, (t) =>
  hurried(t, async (visit) => {
    await visit.page.setRequestInterception(true);
    visit.page.on("request", (request) => {
      if (!request.url().startsWith("https://lessons.example/")) return request.continue();
      const headers = { "access-control-allow-origin": "*" };
      const body = request.url().endsWith("lesson.yaml") ? "x".repeat(1 << 20) : "";
      return request.respond({ status: 200, headers, contentType: "text/plain", body });
    });
    await visit.open("#lesson-from=https://lessons.example/one");
    await visit.sees("its lesson.yaml is larger than 64 kB");
  }));

test("an exercise is printed as a sheet, and the page is as before", (t) =>
  hurried(t, async (visit) => {
    await visit.open("#lesson=ghost-service");
    await visit.role("heading", "What happens to the call?");
    await inPage(visit, () => {
      globalThis.print = () => {
        globalThis.sheet = document.querySelector(".printed").textContent;
        dispatchEvent(new Event("afterprint"));
      };
    });
    await press(visit, "button", "Print");
    await visit.until(() => globalThis.sheet && !document.querySelector(".printed"));
    const sheet = await inPage(visit, () => globalThis.sheet);
    for (const part of ["What happens to the call?", "The call is refused at once.", "kind: Service"]) assert.ok(sheet.includes(part), part);
    for (const secret of ["Which of the two does DNS care about", "Now try it"]) assert.ok(!sheet.includes(secret), secret);
  }));

test("a lesson is written, tested and opened by its link", (t) =>
  hurried(t, async (visit) => {
    await visit.sees("Service nginx-service: 1 endpoint, ready.");
    await openMap(visit);
    await press(visit, "button", "To the workshop");
    await press(visit, "button", "Take the manifest and the cluster's make");
    await visit.reach("textbox", "Text before the first step");
    await visit.type("Somebody wants two **doors**.");
    await toTerminal(visit);
    await enter(visit, "kubectl expose pod nginx --name=second --port=81 --target-port=80");
    await press(visit, "button", "Take the commands I ran");
    await offered(visit, "The Service second leads to 1 ready endpoint");
    await press(visit, "button", "Add a question");
    await fill(visit, "Question", "Which port has it?");
    await fill(visit, "Answer 1", "80");
    await fill(visit, "What is said to whoever chooses it", "That is the first.");
    await fill(visit, "Answer 2", "81");
    await fill(visit, "What is said to whoever chooses it", "Right.", 1);
    await visit.focus(".draft ol ol li:last-child input[type=radio]");
    await visit.press(" ");
    await press(visit, "button", "Take the commands I ran as a mistake");
    await offered(visit, "The Service nginx-service is of the type ClusterIP", 1);
    await fill(visit, "Commands that make it", "kubectl get pods");
    await fill(visit, "What is said then", "That is the first Service.");
    await offered(visit, "The Pod nginx stays as it is", 2);
    await visit.focus(".draft input");
    await visit.type("Two doors");
    await press(visit, "button", "Test it");
    await visit.until(() => document.querySelector(".draft [role=status] .note.good"));
    const link = await visit.page.$eval("a[href^='#pack=']", (link) => link.getAttribute("href"));
    await visit.open(link);
    await visit.sees("Somebody wants two doors.");
    await visit.sees("it came with the address that you opened");
    // What does not solve it is told what its author wrote.
    await run(visit, "kubectl get pods");
    await visit.sees("That is the first Service.");
    await lesson(visit);
    // The address has asked once; what is done since stays.
    assert.equal(await inPage(visit, () => location.hash), "");
  }));
