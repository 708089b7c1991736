// Tells a learning platform of an exercise, as SCORM 1.2 has it (run-time environment 3.2 to 3.4).

(() => {
  /** The platform's API: in a window around this one, or around the one that opened it. */
  const find = (from) => {
    for (let around = from, far = 0; around && far < 10; far += 1) {
      try {
        if (around.API) return around.API;
      } catch {
        // A window of another site cannot be asked.
        return undefined;
      }
      around = around.parent === around ? around.opener : around.parent;
    }
    return undefined;
  };
  const api = find(window);
  if (!api || api.LMSInitialize("") !== "true") return;

  const status = "cmi.core.lesson_status";
  const set = (values) => {
    for (const [name, value] of Object.entries(values)) api.LMSSetValue(name, value);
    api.LMSCommit("");
  };
  if (["not attempted", ""].includes(api.LMSGetValue(status))) set({ [status]: "incomplete" });
  addEventListener("passed", () => set({ "cmi.core.score.raw": "100", "cmi.core.score.min": "0", "cmi.core.score.max": "100", [status]: "passed" }));

  const began = Date.now();
  const two = (number) => String(Math.floor(number)).padStart(2, "0");
  addEventListener(
    "pagehide",
    () => {
      const seconds = (Date.now() - began) / 1000;
      set({ "cmi.core.session_time": `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}` });
      api.LMSFinish("");
    },
    { once: true },
  );
})();
