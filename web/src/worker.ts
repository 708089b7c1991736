// The service worker: the site as one version, whole, so that a course goes on without a network.
//
// `web/scripts/publish.mjs` writes the list of files before this text. A version is fetched as a whole before it is used,
// and is used only when no page of the version before is open, or when the visitor says so (the message "use").

/** What publish.mjs says of the site. */
interface Site {
  /** Another one for other files. */
  version: string;
  /** Every file, relative to this script. */
  files: string[];
}

/** The part of ServiceWorkerGlobalScope in use here: the library of TypeScript has it apart from the DOM. */
interface Worker {
  SITE: Site;
  registration: { scope: string };
  clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", listener: (event: Waits) => void): void;
  addEventListener(type: "fetch", listener: (event: Waits & Fetches) => void): void;
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
}

interface Waits {
  waitUntil(work: Promise<unknown>): void;
}

interface Fetches {
  request: Request;
  respondWith(response: Promise<Response>): void;
}

const worker = self as unknown as Worker;

/** The caches of this site begin so: another site on the same host may have its own. */
const prefix = `services-playground ${worker.registration.scope} `;
const current = prefix + worker.SITE.version;

worker.addEventListener("install", (event) => event.waitUntil(fill()));

worker.addEventListener("activate", (event) => event.waitUntil(takeOver()));

worker.addEventListener("message", ({ data }) => {
  // A page may say this one word; anything else is not for us.
  if (data === "use") void worker.skipWaiting();
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && request.url.startsWith(worker.registration.scope)) {
    event.respondWith(answer(request));
  }
});

/** Fetches the whole version, a few files at a time: a phone on a train has few connections. */
async function fill(): Promise<void> {
  const cache = await caches.open(current);
  const left = [...worker.SITE.files];
  const fetchNext = async (): Promise<void> => {
    for (let file = left.pop(); file !== undefined; file = left.pop()) {
      // Asked for anew: a host may let browsers keep old files for long.
      await cache.add(new Request(new URL(file, worker.registration.scope), { cache: "no-cache" }));
    }
  };
  await Promise.all([fetchNext(), fetchNext(), fetchNext(), fetchNext()]);
}

async function takeOver(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(prefix) && name !== current).map((name) => caches.delete(name)));
  await worker.clients.claim();
}

/** From this version if it has the file; what it does not have may be on the network. */
async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(current);
  const address = request.mode === "navigate" ? startPage(request.url) : request;
  return (await cache.match(address, { ignoreSearch: true })) ?? fetch(request);
}

/** A folder's address means its index.html, as on any host. */
function startPage(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname.replace(/\/$/, "/index.html");
}
