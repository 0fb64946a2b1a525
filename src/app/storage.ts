// What the page remembers between visits. Where storage is full or forbidden, it remembers nothing and works all the same.

const PREFIX = 'underglass.';

/** What was kept under a name, if anything was and can be read. */
export function recall(name: string): string | undefined {
  try {
    return localStorage.getItem(PREFIX + name) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a text under a name, or forgets it where the text is undefined. */
export function remember(name: string, text: string | undefined): void {
  try {
    if (text === undefined) {
      localStorage.removeItem(PREFIX + name);
    } else {
      localStorage.setItem(PREFIX + name, text);
    }
  } catch {
    // A preference that is lost at the end of the visit.
  }
}
