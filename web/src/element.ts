// <services-playground>: a playground in any page. `playground.js` is this module.
//
//   <script type="module" src="https://HOST/playground.js"></script>
//   <services-playground exercise="wrong-target-port"></services-playground>
//
// A host that sends no Access-Control-Allow-Origin for it lets other sites load it as `<script defer>` only; that is as good.
//
// It is a frame with the site's page in a shadow root: each is a cluster of its own, the browser downloads the site once, and
// neither page can reach into the other. What stands in the element (manifests in a <pre>) is shown until the playground runs,
// and stays where it cannot.

import { fragmentOf, nameOf } from "./element/address";
import { MARK, read } from "./messages";
import { hostTheme, onThemeChange } from "./element/theme";

/** This script, whichever way it was loaded: a module has no `currentScript`, a plain script no `import.meta`. */
const own = (document.currentScript as HTMLScriptElement | null)?.src ??
  [...document.scripts].map((script) => script.src).find((address) => /\/playground\.js(\?|$)/.test(address));

/** What the playground tells, and this element tells on as events of the same names. */
const EVENTS = ["ready", "passed", "failed", "progress"];

/** A frame is this high unless the page says otherwise, in CSS pixels; and grows to at most this many times that. */
const HEIGHT = 680;
const GROWS = 1.8;

const style = `
  :host { display: block; }
  [hidden] { display: none; }
  iframe { display: block; inline-size: 100%; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: 10px; box-sizing: border-box; }
  p { margin: 0.5em 0 0; font-size: 0.9em; }
`;

class ServicesPlayground extends HTMLElement {
  static readonly observedAttributes = ["site", "exercise", "lesson", "scene", "panes", "lang", "height", "theme"];

  #frame: HTMLIFrameElement | undefined;
  #waiting: IntersectionObserver | undefined;
  #forget: (() => void) | undefined;
  #content = document.createElement("div");

  constructor() {
    super();
    const sheet = document.createElement("style");
    sheet.textContent = style;
    this.#content.append(document.createElement("slot"), this.#link());
    this.attachShadow({ mode: "open" }).append(sheet, this.#content);
  }

  connectedCallback(): void {
    this.#content.style.minBlockSize = `${this.#height}px`;
    window.addEventListener("message", this.#hear);
    this.#forget = onThemeChange(() => this.#ask("theme", this.#theme));
    // Without WebAssembly the frame would have nothing to show but that.
    if (typeof WebAssembly !== "object") return;
    this.#waiting = new IntersectionObserver((seen) => seen.some((entry) => entry.isIntersecting) && this.#start(), {
      rootMargin: "400px",
    });
    this.#waiting.observe(this);
  }

  disconnectedCallback(): void {
    window.removeEventListener("message", this.#hear);
    this.#forget?.();
    this.#waiting?.disconnect();
    this.#frame?.remove();
    this.#frame = undefined;
    this.#content.hidden = false;
  }

  attributeChangedCallback(name: string): void {
    if (!this.#frame) return;
    if (name === "height") this.#frame.style.blockSize = `${this.#height}px`;
    else if (name === "theme") this.#ask("theme", this.#theme);
    else {
      this.disconnectedCallback();
      this.connectedCallback();
    }
  }

  /** Where the site is: as the page says, or beside this script. */
  get #site(): URL {
    const said = this.getAttribute("site");
    return new URL(said ? said.replace(/\/?$/, "/") : "./", said ? document.baseURI : (own ?? document.baseURI));
  }

  get #height(): number {
    const height = Number.parseInt(this.getAttribute("height") ?? "", 10);
    return height >= 200 && height <= 4000 ? height : HEIGHT;
  }

  get #theme(): string {
    const theme = this.getAttribute("theme");
    return theme === "light" || theme === "dark" ? theme : hostTheme(this);
  }

  get #address(): URL {
    const address = new URL("index.html", this.#site);
    const query = address.searchParams;
    query.set("embed", nameOf(this));
    const panes = this.getAttribute("panes");
    if (panes) query.set("panes", panes.trim());
    query.set("theme", this.#theme);
    const language = this.closest("[lang]")?.getAttribute("lang");
    if (language) query.set("lang", language);
    address.hash = fragmentOf(this);
    return address;
  }

  #link(): HTMLElement {
    const line = document.createElement("p");
    const link = document.createElement("a");
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = "Services Playground";
    link.href = this.#site.href;
    // Attributes and content are not there yet when the element is made.
    for (const near of ["pointerenter", "focus"]) {
      link.addEventListener(near, () => (link.href = new URL(fragmentOf(this), this.#site).href));
    }
    line.append(link);
    return line;
  }

  #start(): void {
    this.#waiting?.disconnect();
    const frame = document.createElement("iframe");
    frame.title = this.getAttribute("title") ?? "Services Playground";
    frame.allow = "clipboard-write; fullscreen";
    frame.style.blockSize = `${this.#height}px`;
    // Out of sight until it says that it runs; in the layout, so that it knows its size.
    frame.style.position = "absolute";
    frame.style.visibility = "hidden";
    frame.src = this.#address.href;
    this.#frame = frame;
    this.shadowRoot?.append(frame);
  }

  #ask(what: string, is: string): void {
    this.#frame?.contentWindow?.postMessage({ [MARK]: 1, do: what, is }, this.#site.origin);
  }

  #hear = (event: MessageEvent): void => {
    const frame = this.#frame;
    if (!frame || event.source !== frame.contentWindow || event.origin !== this.#site.origin) return;
    const text = read(event.data);
    if (text === undefined) return;
    const { event: name, detail } = JSON.parse(text) as { event?: unknown; detail?: { height?: unknown } };
    if (name === "size") {
      const height = Number(detail?.height);
      const now = Number.parseFloat(frame.style.blockSize);
      if (height > now) frame.style.blockSize = `${Math.min(height, this.#height * GROWS)}px`;
    }
    if (typeof name !== "string" || !EVENTS.includes(name)) return;
    if (name === "ready") {
      frame.style.position = frame.style.visibility = "";
      this.#content.hidden = true;
      // It may have changed while the playground was on its way.
      this.#ask("theme", this.#theme);
    }
    this.dispatchEvent(new CustomEvent(name, { detail: detail ?? {}, bubbles: true, composed: true }));
  };
}

customElements.get("services-playground") ?? customElements.define("services-playground", ServicesPlayground);
