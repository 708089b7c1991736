// A reporter for node --test: of all journeys those that failed, a line each with how the error begins.
// `cargo xtask test` ends with these lines, so that the end of a log is enough.

/** As much of an error's first line as helps. */
const ENOUGH = 200;

export default async function* failures(events) {
  for await (const { type, data } of events) {
    if (type !== "test:fail" || data.details.error.failureType === "subtestsFailed") continue;
    const { error } = data.details;
    const [line] = String(error.cause?.message ?? error.message).split("\n");
    yield `${data.name}: ${line.slice(0, ENOUGH)}\n`;
  }
}
