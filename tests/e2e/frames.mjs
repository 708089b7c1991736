// Playgrounds inside other pages: finding them, and doing an exercise in one.

/** The frame of the course page's `nth` playground, once it runs. */
export async function frame(visit, nth) {
  await visit.page.evaluate((nth) => document.querySelectorAll("services-playground")[nth].scrollIntoView(), nth);
  await visit.until(
    (nth) => document.querySelectorAll("services-playground")[nth].shadowRoot.querySelector("iframe")?.style.visibility === "",
    nth,
  );
  const element = await visit.page.evaluateHandle(
    (nth) => document.querySelectorAll("services-playground")[nth].shadowRoot.querySelector("iframe"),
    nth,
  );
  return element.contentFrame();
}

/** Does the exercise ghost-service in a frame, after a wrong answer. */
export async function pass(visit, frame) {
  const option = (words) =>
    frame.waitForFunction(
      (words) => [...document.querySelectorAll(".question label")].find((label) => label.textContent.includes(words)),
      {},
      words,
    );
  await (await (await option("The name is unknown")).asElement().$("input")).press(" ");
  await (await (await option("refused at once")).asElement().$("input")).press(" ");
  // Half a screen shows one pane beside the diagram.
  const tab = await frame.waitForSelector('[data-tab="terminal"]');
  await tab.press("Enter");
  const line = await frame.waitForSelector("#command");
  await line.type("kubectl exec client -- wget -T 3 http://ghost");
  await line.press("Enter");
}
