// WebKitGTK's driver, spoken to directly: W3C WebDriver is JSON over HTTP. Needs WebKitWebDriver, MiniBrowser and, as there is no
// headless mode, a display: Xvfb, started here on one of its own.

import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { request } from "node:http";
import { once } from "node:events";

/** How long a browser may take to start, and anything that is asked of it, in milliseconds. */
const START = 20_000;
const ANSWER = 120_000;

/** Starts a display. `open` makes a browser of its own with an empty profile; `close` ends all. */
export async function start(executable) {
  const display = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const failed = new Promise((_, reject) => display.once("error", (error) => reject(missing("Xvfb", error))));
  const [number] = await Promise.race([once(display.stdio[3], "data"), failed]);
  const started = [display];
  const stop = () => started.forEach((process) => process.kill());
  process.once("exit", stop);
  let port;
  const session = async () => {
    if (!port) {
      port = await freePort();
      started.push(await drive(executable, port, String(number).trim()));
    }
    return await send(port, "POST", "/session", { capabilities: {} }, START);
  };
  return {
    open: async () => {
      // Now and then a browser ends as soon as it has begun, and its driver waits for it for ever: another one does not.
      const { sessionId } = await session().catch(() => ((port = undefined), session()));
      const its = port;
      return (method, path, body) => send(its, method, `/session/${sessionId}${path}`, body);
    },
    close: stop,
  };
}

/** Starts a driver whose browsers are on this display. */
async function drive(executable, port, display) {
  const driver = spawn(executable, [`--port=${port}`, "--host=127.0.0.1"], {
    stdio: "ignore",
    // Without a GPU, and without a session bus to look for accessibility on.
    env: { ...process.env, DISPLAY: `:${display}`, GDK_BACKEND: "x11", NO_AT_BRIDGE: "1", LIBGL_ALWAYS_SOFTWARE: "1" },
  });
  const gone = new Promise((_, reject) => driver.once("error", (error) => reject(missing(executable, error))));
  await Promise.race([listening(port), gone]);
  return driver;
}

function missing(program, error) {
  return new Error(`cannot start ${program}: ${error.message} (Debian: apt install webkit2gtk-driver xvfb)`);
}

/** Sends one command and returns its value. What the driver refuses is an error that has its code as `code`. */
function send(port, method, path, body, patience = ANSWER) {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(patience);
    const asked = request({ host: "127.0.0.1", port, method, path, signal }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part) => (text += part));
      answer.on("end", () => {
        const { value } = JSON.parse(text);
        if (answer.statusCode === 200) resolve(value);
        else reject(Object.assign(new Error(`${value.error}: ${value.message}`), { code: value.error }));
      });
    });
    asked.on("error", reject);
    asked.end(method === "POST" ? JSON.stringify(body ?? {}) : undefined);
  });
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

async function listening(port) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await send(port, "GET", "/status");
    } catch (error) {
      if (tries > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
