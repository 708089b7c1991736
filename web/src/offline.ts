// Makes the site work without a network, and asks before a newer version replaces the one in use.

import { bar, inPageLanguage } from "./bar";

const words = {
  en: { ready: "A newer version of the playground is ready. What you typed is kept.", use: "Load it now", later: "Later" },
  tr: { ready: "Playground'un daha yeni bir sürümü hazır. Yazdıklarınız saklanır.", use: "Şimdi yükle", later: "Sonra" },
};

/** Registers the service worker beside index.html once the page is at rest; the download of the page itself comes first. */
async function register(container: ServiceWorkerContainer): Promise<void> {
  const registration = await container.register("./sw.js");
  const offer = (): void => {
    // Without a controller this is the first visit: nothing older is in use.
    if (registration.waiting && container.controller) ask(registration.waiting, container);
  };
  offer();
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", offer);
  });
}

/** Asks whether to use a version that is ready. */
function ask(next: ServiceWorker, container: ServiceWorkerContainer): void {
  const text = inPageLanguage(words);
  bar("newer-version", text.ready, {
    [text.use]: () => {
      container.addEventListener("controllerchange", () => location.reload(), { once: true });
      next.postMessage("use");
    },
    [text.later]: () => {},
  });
}

const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
// Only pages from https or from this machine may have one.
if (container) {
  const start = (): void => {
    // A browser that refuses (private windows, policies) leaves a page that needs its network, as before.
    register(container).catch((why: unknown) => console.info("the playground will not work offline:", why));
  };
  if (document.readyState === "complete") start();
  else addEventListener("load", start, { once: true });
}
