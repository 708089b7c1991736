// The diagram as a picture that needs nothing else: SVG with its styles in it and a legend below, or that painted as PNG.

import { inPageLanguage } from "./bar";

const SVG = "http://www.w3.org/2000/svg";

/** What style sheets say of a shape or a text, and what the picture has to say itself. */
const STYLES = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity",
  "font-family", "font-size", "font-weight", "text-anchor", "dominant-baseline", "transform",
];

/** Around the drawing, between lines of the legend, and how sharp a PNG is. */
const MARGIN = 16;
const LINE = 20;
const SHARPNESS = 2;

const words = {
  en: {
    legend: [
      ["front-door", "A Service: no box that packets visit, but rules on every node"],
      ["machine", "A node, with the Services that its rules know"],
      ["process", "A pod; red when it is not well"],
    ],
    labels: "✓ a label that a selector picks, ≠ one that it does not; 80 → 8080: the Service's port and the pod's",
  },
  tr: {
    legend: [
      ["front-door", "Service: paketlerin uğradığı bir kutu değil, her düğümdeki kurallar"],
      ["machine", "Düğüm, kurallarının bildiği Service'lerle"],
      ["process", "Pod; iyi değilse kırmızı"],
    ],
    labels: "✓ seçicinin seçtiği etiket, ≠ seçmediği; 80 → 8080: Service'in portu ve pod'unki",
  },
};

/** Saves the diagram as a file. Returns whether there was one that could be drawn. */
export async function save(format: "svg" | "png"): Promise<boolean> {
  const drawing = document.querySelector<SVGSVGElement>("svg[data-diagram]");
  if (!drawing) return false;
  const { text, width, height } = picture(drawing);
  const image = new Blob([text], { type: "image/svg+xml" });
  const file = format === "svg" ? image : await painted(image, width, height);
  if (!file) return false;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `services.${format}`;
  link.click();
  // The browser has taken hold of the file by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  return true;
}

function picture(drawing: SVGSVGElement): { text: string; width: number; height: number } {
  const { width: wide, height: high } = drawing.viewBox.baseVal;
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  settle(drawing, copy);
  for (const name of [...copy.attributes].map((attribute) => attribute.name)) {
    if (name !== "viewBox") copy.removeAttribute(name);
  }
  copy.setAttribute("x", String(MARGIN));
  copy.setAttribute("y", String(MARGIN));
  copy.setAttribute("width", String(wide));
  copy.setAttribute("height", String(high));

  const { legend, labels } = inPageLanguage(words);
  const width = wide + 2 * MARGIN;
  const height = high + 3 * MARGIN + (legend.length + 1) * LINE;
  const whole = made("svg", { width, height, viewBox: `0 0 ${width} ${height}` });
  whole.append(made("rect", { width, height, fill: styleOf(".stage", "background-color") }), copy);
  const ink = styleOf(".stage text", "fill");
  let y = high + 2 * MARGIN + LINE / 2;
  const line = (says: string, x: number) => {
    const text = made("text", { x, y: y + 4, fill: ink, "font-family": "system-ui, sans-serif", "font-size": 12 });
    text.textContent = says;
    whole.append(text);
    y += LINE;
  };
  for (const [kind = "", says = ""] of legend) {
    const well = `.figure.${kind}:not(.bad, .waiting, .leaving) .outline`;
    const like = document.querySelector(well) ? well : `.figure.${kind} .outline`;
    const paint = Object.fromEntries(["fill", "stroke", "stroke-dasharray"].map((name) => [name, styleOf(like, name)]));
    whole.append(made("rect", { x: MARGIN, y: y - 6, width: 22, height: 12, rx: 3, ...paint }));
    line(says, MARGIN + 30);
  }
  line(labels, MARGIN);
  return { text: new XMLSerializer().serializeToString(whole), width, height };
}

/** Writes into a copy what is painted of the original, and takes out what is not. */
function settle(from: Element, to: Element): void {
  const [inner, copies] = [[...from.children], [...to.children]];
  for (const [at, child] of inner.entries()) {
    const [copy, style] = [copies[at], getComputedStyle(child)];
    if (!copy) continue;
    if (style.display === "none" || style.visibility === "hidden" || child.matches(".cover, title")) {
      copy.remove();
      continue;
    }
    settle(child, copy);
    for (const name of STYLES) {
      const value = style.getPropertyValue(name);
      if (value && value !== "none" && value !== "normal") copy.setAttribute(name, value);
    }
    if (style.fill === "none") copy.setAttribute("fill", "none");
    for (const name of ["class", "style", "role", "tabindex", "aria-label"]) copy.removeAttribute(name);
    const moved = child.getAttribute("transform");
    if (moved) copy.setAttribute("transform", moved);
  }
}

/** How the page paints the first element of a selector; as it paints nothing special when there is none. */
function styleOf(selector: string, name: string): string {
  const found = document.querySelector(selector);
  return found ? getComputedStyle(found).getPropertyValue(name) : "none";
}

function made(tag: string, attributes: Record<string, string | number>): SVGElement {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

async function painted(image: Blob, width: number, height: number): Promise<Blob | null> {
  const address = URL.createObjectURL(image);
  try {
    const drawn = new Image();
    drawn.src = address;
    await drawn.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width * SHARPNESS, height * SHARPNESS];
    canvas.getContext("2d")?.drawImage(drawn, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => canvas.toBlob(done, "image/png"));
  } finally {
    URL.revokeObjectURL(address);
  }
}
