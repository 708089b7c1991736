// A bar that tells something and offers what to do; it takes neither the focus nor any room from the page.

/** What a module says in the page's two languages. */
export function inPageLanguage<Words>(words: { en: Words; tr: Words }): Words {
  return document.documentElement.lang === "tr" ? words.tr : words.en;
}

/** Shows a bar with a button for each choice, which goes when one is chosen. One that is there already stays. */
export function bar(id: string, says: string, choices: Record<string, () => void>): void {
  if (document.getElementById(id)) return;
  const made = document.createElement("div");
  made.id = id;
  made.className = "notice-bar";
  made.setAttribute("role", "status");
  const say = document.createElement("p");
  say.textContent = says;
  made.append(say);
  for (const [name, choose] of Object.entries(choices)) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.addEventListener("click", () => {
      made.remove();
      choose();
    });
    made.append(button);
  }
  document.body.append(made);
}
