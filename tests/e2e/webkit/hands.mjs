// Keys and mouse as WebDriver's actions, under puppeteer's names.

/** Keys that are no characters, as WebDriver writes them. */
const KEYS = {
  Alt: "\uE00A",
  ArrowDown: "\uE015",
  ArrowLeft: "\uE012",
  ArrowRight: "\uE014",
  ArrowUp: "\uE013",
  Backspace: "\uE003",
  Control: "\uE009",
  Delete: "\uE017",
  End: "\uE010",
  Enter: "\uE007",
  Escape: "\uE00C",
  Home: "\uE011",
  Meta: "\uE03D",
  PageDown: "\uE00F",
  PageUp: "\uE00E",
  Shift: "\uE008",
  Tab: "\uE004",
};

/** The keyboard and the mouse of one page. `turn` turns the wheel by script, with Ctrl held, where the mouse is. */
export class Hands {
  constructor(send, turn) {
    const act = (type, id, actions, parameters) => send("POST", "/actions", { actions: [{ type, id, actions, parameters }] });
    const keys = (...actions) => act("key", "keyboard", actions);
    const key = (name) => KEYS[name] ?? name;
    const held = new Set();
    this.keyboard = {
      down: (name) => (held.add(name), keys({ type: "keyDown", value: key(name) })),
      up: (name) => (held.delete(name), keys({ type: "keyUp", value: key(name) })),
      press: (name) => keys({ type: "keyDown", value: key(name) }, { type: "keyUp", value: key(name) }),
      type: (text) =>
        keys(
          ...[...text].flatMap((letter) => [
            { type: "keyDown", value: letter === "\n" ? KEYS.Enter : letter },
            { type: "keyUp", value: letter === "\n" ? KEYS.Enter : letter },
          ]),
        ),
    };
    const mouse = (...actions) => act("pointer", "mouse", actions, { pointerType: "mouse" });
    const at = { x: 0, y: 0 };
    this.mouse = {
      move: async (x, y, { steps = 1 } = {}) => {
        const from = { ...at };
        Object.assign(at, { x, y });
        const part = (from, to, step) => Math.round(from + ((to - from) * step) / steps);
        const step = (_, step) => ({ type: "pointerMove", duration: 0, x: part(from.x, x, step + 1), y: part(from.y, y, step + 1) });
        await mouse(...Array.from({ length: steps }, step));
      },
      down: () => mouse({ type: "pointerDown", button: 0 }),
      up: () => mouse({ type: "pointerUp", button: 0 }),
      wheel: async ({ deltaX = 0, deltaY = 0 }) => {
        // With Ctrl the browser of the driver zooms the page, and the page hears nothing: then a script turns the wheel.
        if (held.has("Control")) return await turn({ ...at, deltaX, deltaY });
        await act("wheel", "wheel", [{ type: "scroll", duration: 0, x: Math.round(at.x), y: Math.round(at.y), deltaX, deltaY }]);
      },
    };
  }
}
