// What the API's documentation says of a field: the first sentence, from a file that is fetched when first asked for.

/** A field by its type, such as `core.v1.ServicePort`, and its name. */
export interface FieldName {
  of: string;
  name: string;
}

/** Sentences by "type field"; a type's own by its name alone. */
let sentences: Promise<Map<string, string>> | undefined;

/** The sentence of a field; empty where there is none, or where the file cannot be had. */
export async function summary(field: FieldName): Promise<string> {
  sentences ??= load();
  return (await sentences).get(`${field.of} ${field.name}`) ?? "";
}

async function load(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  try {
    const response = await fetch(new URL("../schema/summaries.txt", import.meta.url));
    if (!response.ok) throw new Error(`${response.status}`);
    read(await response.text(), found);
  } catch {
    // Offline, say: the next question tries again, and the editor works without.
    sentences = undefined;
  }
  return found;
}

/** A line is `type<TAB>sentence`, and below it, indented, `field<TAB>sentence`. */
function read(text: string, into: Map<string, string>): void {
  let type = "";
  for (const line of text.split("\n")) {
    const [name = "", sentence = ""] = line.split("\t");
    if (name.startsWith(" ")) into.set(`${type} ${name.trim()}`, sentence);
    else type = name;
  }
}
