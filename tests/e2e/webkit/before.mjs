// What WebDriver has no word for, asked of the page itself: scripts that run before its own, and what it complains about.

/** Runs in the page, before its own scripts: keeps what puppeteer would hear of. Never called here, only written out. */
function listen() {
  const heard = [];
  const hear = (event, text) => heard.push({ event, text: String(text) });
  Object.defineProperty(globalThis, "heardByJourney", { value: () => heard.splice(0) });
  addEventListener("unhandledrejection", (event) => hear("exception", event.reason?.message ?? event.reason));
  addEventListener("securitypolicyviolation", (event) => hear("policy", `${event.violatedDirective}: ${event.blockedURI}`));
  addEventListener(
    "error",
    (event) => {
      const address = event.target?.src ?? event.target?.href;
      if (address) hear("request failed", address);
      // Without an error it is a remark of the browser's, such as that sizes are told a frame later.
      else if (event.error) hear("exception", event.message);
    },
    true,
  );
  const say = console.error.bind(console);
  console.error = (...words) => (hear("console.error", words.join(" ")), say(...words));
  const ask = globalThis.fetch.bind(globalThis);
  globalThis.fetch = async (...request) => {
    const answer = await ask(...request);
    if (answer.status >= 400) hear(answer.status, answer.url);
    return answer;
  };
}

/** The path, below the site's, at which the server has the script. */
export const path = "before-the-page.js";

/** The script that the server sends before the page's own: the listening, and what a journey wants done before. */
export function script(wishes) {
  return `(${listen})();\n${wishes.join("\n")}`;
}

/** The page's first file with that script before all others. */
export function inserted(html) {
  return html.replace("<head>", `<head><script src="./${path}"></script>`);
}
