// A page in WebKit with as much of puppeteer's Page as the journeys use, over WebDriver.

import { writeFileSync } from "node:fs";

import { script as scriptOf } from "./before.mjs";
import { Hands } from "./hands.mjs";

/** How puppeteer writes a selector that is XPath. */
const XPATH = /^::-p-xpath\((.*)\)$/s;

/** How WebDriver names an element in JSON. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** An element of the page. */
class Handle {
  constructor(page, id) {
    this.page = page;
    this.id = id;
  }

  /** As it stands in the arguments of a script. */
  toJSON() {
    return { [ELEMENT]: this.id };
  }

  asElement() {
    return this;
  }

  evaluate(of, ...rest) {
    return this.page.evaluate(of, this, ...rest);
  }

  boundingBox() {
    return this.evaluate((element) => element.getBoundingClientRect().toJSON());
  }

  focus() {
    return this.evaluate((element) => element.focus());
  }

  async press(key) {
    await this.focus();
    await this.page.keyboard.press(key);
  }

  async type(text) {
    await this.focus();
    await this.page.keyboard.type(text);
  }

  /** Chooses options of a list by their values, as a person's hand would: the page hears of it. */
  select(...values) {
    return this.evaluate((list, values) => {
      for (const option of list.options) option.selected = values.includes(option.value);
      for (const event of ["input", "change"]) list.dispatchEvent(new Event(event, { bubbles: true }));
    }, values);
  }

  click() {
    return this.evaluate((element) => element.click());
  }
}

/** What a script returned that is no element. */
class Value {
  constructor(value) {
    this.value = value;
  }

  asElement() {
    return null;
  }

  jsonValue() {
    return this.value;
  }
}

/** Runs in the page. */
function turnWheel({ x, y, deltaX, deltaY }) {
  const turn = { clientX: x, clientY: y, deltaX, deltaY, ctrlKey: true, bubbles: true, cancelable: true };
  document.elementFromPoint(x, y)?.dispatchEvent(new WheelEvent("wheel", turn));
}

/** The page. What it complains of is asked, not heard: `heard`. */
export class Page {
  #timeout = 30_000;
  #send;
  #before = [];

  constructor(send) {
    this.#send = send;
    const hands = new Hands(send, (wheel) => this.evaluate(turnWheel, wheel));
    this.keyboard = hands.keyboard;
    this.mouse = hands.mouse;
  }

  setDefaultTimeout(millis) {
    this.#timeout = millis;
    return this.#send("POST", "/timeouts", { script: millis, pageLoad: millis });
  }

  getDefaultTimeout() {
    return this.#timeout;
  }

  /** Makes the window so large that the page has this size. */
  async setViewport({ width, height }) {
    for (const more of [0, 1]) {
      const frame = more === 0 ? [0, 0] : await this.evaluate(() => [outerWidth - innerWidth, outerHeight - innerHeight]);
      await this.#send("POST", "/window/rect", { width: width + frame[0], height: height + frame[1] });
    }
  }

  /** Runs before the scripts of every page that is loaded: the journey's server sends it with the page. */
  evaluateOnNewDocument(run, ...rest) {
    this.#before.push(`(${run})(...${JSON.stringify(rest)});`);
  }

  /** The script to send with the page. */
  before = () => scriptOf(this.#before);

  async goto(url) {
    const from = new URL(await this.url().catch(() => "about:blank"));
    const to = new URL(url);
    // To WebDriver, another fragment of the same page is no new page; to a visitor who opens a link anew it is.
    if (from.origin === to.origin && from.pathname === to.pathname && to.hash) await this.#send("POST", "/url", { url: "about:blank" });
    return this.#send("POST", "/url", { url });
  }

  url() {
    return this.#send("GET", "/url");
  }

  title() {
    return this.#send("GET", "/title");
  }

  /** Runs a function in the page and returns its value, or runs a script, which has none. */
  async evaluate(run, ...rest) {
    // The page's policy forbids to evaluate text: a script is sent as one.
    if (typeof run === "string") return this.#send("POST", "/execute/sync", { script: run, args: [] });
    return this.#unpack(await this.#run(`(${run})(...given)`, rest));
  }

  /** Runs an expression over what is `given` in the page, and waits for what it promises. */
  async #run(call, args) {
    const script = `const given = [...arguments]; const done = given.pop();
      new Promise((resolve) => resolve(${call})).then((value) => done({ value }), (error) => done({ error: String(error), stack: error?.stack }));`;
    const began = Date.now();
    const body = { script, args };
    const answer = await this.#send("POST", "/execute/async", body).catch((error) => {
      // The page was replaced meanwhile, and what it was asked went with it: ask the new one.
      if (error.code !== "script timeout" || Date.now() - began >= this.#timeout) throw error;
      return this.#send("POST", "/execute/async", body);
    });
    if (answer?.error) throw new Error(answer.error);
    return answer?.value;
  }

  #unpack(value) {
    if (Array.isArray(value)) return value.map((one) => this.#unpack(one));
    return value?.[ELEMENT] ? new Handle(this, value[ELEMENT]) : value;
  }

  /** Asks until the answer counts as true; a page that is being loaded is asked again. */
  async waitForFunction(run, { polling = 50, timeout = this.#timeout } = {}, ...rest) {
    const patience = Date.now() + timeout;
    for (;;) {
      let failure;
      const found = await this.evaluate(run, ...rest).catch((error) => void (failure = error));
      if (found) return found instanceof Handle ? found : new Value(found);
      if (Date.now() > patience) throw failure ?? new Error(`not so within ${timeout} ms: ${run}`);
      await new Promise((resolve) => setTimeout(resolve, polling));
    }
  }

  waitForSelector(selector, { timeout, hidden = false } = {}) {
    const [, path] = XPATH.exec(selector) ?? [];
    const ofPath = (path) => document.evaluate(path, document, null, XPathResult.FIRST_ORDERED_NODE_TYPE).singleNodeValue;
    if (path) return this.waitForFunction(ofPath, { timeout }, path);
    const find = (selector, hidden) => (hidden ? !document.querySelector(selector) : document.querySelector(selector));
    return this.waitForFunction(find, { timeout }, selector, hidden);
  }

  async $(selector) {
    return (await this.evaluate((selector) => document.querySelector(selector), selector)) ?? null;
  }

  $$(selector) {
    return this.evaluate((selector) => [...document.querySelectorAll(selector)], selector);
  }

  async $eval(selector, run, ...rest) {
    const element = await this.$(selector);
    if (!element) throw new Error(`nothing is ${selector}`);
    return this.evaluate(run, element, ...rest);
  }

  async $$eval(selector, run, ...rest) {
    // The driver takes no elements within a list.
    const call = `((selector, ...rest) => (${run})([...document.querySelectorAll(selector)], ...rest))(...given)`;
    return this.#unpack(await this.#run(call, [selector, ...rest]));
  }

  /** What the page complained of since it was asked last. */
  heard() {
    return this.evaluate(() => globalThis.heardByJourney?.() ?? []);
  }

  async screenshot({ path }) {
    writeFileSync(path, Buffer.from(await this.#send("GET", "/screenshot"), "base64"));
  }

  close() {
    return this.#send("DELETE", "");
  }
}
