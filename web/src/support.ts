// Says why there is no playground where a browser cannot run it, instead of an empty page.

const words = {
  missing: "Your browser cannot run the Services Playground: WebAssembly is missing or switched off.",
  mend:
    "Any current Firefox, Chrome, Edge or Safari can. In a hardened browser (Tor Browser at its safest level, lockdown mode of " +
    "an iPhone), allow WebAssembly for this site.",
};

if (typeof WebAssembly !== "object") {
  const notice = document.createElement("main");
  notice.id = "unsupported";
  for (const [tag, text] of [["h1", words.missing], ["p", words.mend]] as const) {
    const element = document.createElement(tag);
    element.textContent = text;
    notice.append(element);
  }
  document.body.append(notice);
}
