// Whether the page around is light or dark: by what it paints, whatever made it paint so.

/** The theme of what is behind an element. */
export function hostTheme(element: Element): string {
  for (let around: Element | null = element.parentElement; around; around = around.parentElement) {
    const [red, green, blue, alpha] = numbersOf(getComputedStyle(around).backgroundColor);
    if (alpha > 0.5) return 0.299 * red + 0.587 * green + 0.114 * blue < 128 ? "dark" : "light";
  }
  const scheme = getComputedStyle(document.documentElement).colorScheme;
  const prefersDark = matchMedia("(prefers-color-scheme: dark)").matches;
  return scheme.includes("dark") && (prefersDark || !scheme.includes("light")) ? "dark" : "light";
}

/** Red, green and blue from 0 to 255, alpha from 0 to 1. */
function numbersOf(color: string): [number, number, number, number] {
  const [red = 0, green = 0, blue = 0, alpha = 1] = (color.match(/[\d.]+/g) ?? ["0", "0", "0", "0"]).map(Number);
  return [red, green, blue, alpha];
}

/** Calls back when the page around may have changed its theme; returns what ends that. */
export function onThemeChange(changed: () => void): () => void {
  // A page that fades over has its new colours a moment later.
  const later = () => setTimeout(changed, 300);
  const observer = new MutationObserver(later);
  for (const root of [document.documentElement, document.body]) observer.observe(root, { attributes: true });
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", later);
  return () => {
    observer.disconnect();
    dark.removeEventListener("change", later);
  };
}
