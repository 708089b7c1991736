// The first view and the page that the program makes in its place have the same elements in the same places.

/** Returns what finds an element, or the one in its place once the first view is gone. */
export function finder<E extends Element>(element: E): () => E | undefined {
  const path: number[] = [];
  for (let at: Element = element; at !== document.body && at.parentElement; at = at.parentElement) {
    path.unshift([...at.parentElement.children].indexOf(at));
  }
  return () => {
    if (element.isConnected) return element;
    let found: Element | undefined = document.body;
    for (const index of path) found = found?.children[index];
    // Where the page is another after all, nothing is better than something else.
    return found?.localName === element.localName ? (found as E) : undefined;
  };
}
