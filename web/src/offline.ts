// Makes the site work without a network, and asks before a newer version replaces the one in use.

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

/** Asks in a bar that takes neither the focus nor any room from the page. */
function ask(next: ServiceWorker, container: ServiceWorkerContainer): void {
  if (document.getElementById("newer-version")) return;
  const text = document.documentElement.lang === "tr" ? words.tr : words.en;
  const bar = document.createElement("div");
  bar.id = "newer-version";
  bar.setAttribute("role", "status");
  const say = document.createElement("p");
  say.textContent = text.ready;
  bar.append(
    say,
    button(text.use, () => {
      container.addEventListener("controllerchange", () => location.reload(), { once: true });
      next.postMessage("use");
    }),
    button(text.later, () => bar.remove()),
  );
  document.body.append(bar);
}

function button(text: string, press: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", press);
  return made;
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
