// What an element asks for, as the fragment of the site's address; and the name under which the browser keeps its work.

/** The fragment. */
export function fragmentOf(element: Element): string {
  for (const kind of ["exercise", "lesson"]) {
    const id = element.getAttribute(kind);
    if (id) return `#lesson=${plain(id)}`;
  }
  const scene = element.getAttribute("scene");
  if (scene) return `#scene=${plain(scene)}`;
  const manifests = manifestsOf(element);
  return manifests ? `#yaml=${lettersOf(manifests)}` : "";
}

/** The same for the same exercise, scene or manifests. */
export function nameOf(element: Element): string {
  const fragment = fragmentOf(element);
  if (!fragment.startsWith("#yaml=")) return plain(fragment.replace("=", "-")) || "empty";
  let hash = 0x811c9dc5;
  for (const letter of fragment) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  return `yaml-${hash.toString(16)}`;
}

function plain(id: string): string {
  return id.toLowerCase().replaceAll(/[^a-z0-9-]/g, "");
}

/** The element's text without what the indentation of the page added. */
function manifestsOf(element: Element): string {
  const lines = (element.textContent ?? "").replaceAll("\t", "  ").split("\n");
  const filled = lines.filter((line) => line.trim() !== "");
  const indent = Math.min(...filled.map((line) => line.length - line.trimStart().length));
  return filled.length === 0 ? "" : `${lines.map((line) => line.slice(indent)).join("\n").trim()}\n`;
}

/** Base64 as addresses have it. */
function lettersOf(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const letters = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return letters.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
