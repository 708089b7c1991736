// What the playground and the page around it say to each other: plain objects with this mark, of a bounded size.

export const MARK = "services-playground";

/** More is not read, in UTF-16 units of the message's JSON. */
const MOST = 64 * 1024;

/** A message of the other side as JSON without the mark; nothing when it is none of ours. */
export function read(data: unknown): string | undefined {
  if (typeof data !== "object" || data === null || !(MARK in data) || data[MARK] !== 1) return undefined;
  const { [MARK]: _, ...rest } = data;
  const text = JSON.stringify(rest);
  return text.length <= MOST ? text : undefined;
}
