// Ownership: parts that are freed together, also where making them broke off halfway.

/** Something to be freed. */
export interface Disposable {
  dispose(): void;
}

/** Parts of one whole, freed together. */
export class Owned implements Disposable {
  readonly #parts: Disposable[] = [];

  /** Takes a part over. @returns the part */
  own<T extends Disposable>(part: T): T {
    this.#parts.push(part);
    return part;
  }

  /** Frees all parts, the last one first. Safe to call twice. */
  dispose(): void {
    for (let part = this.#parts.pop(); part; part = this.#parts.pop()) {
      part.dispose();
    }
  }
}

/**
 * The values of all promises, or the first failure; either comes only once every promise is settled.
 *
 * `Promise.all` fails while others still go on making what nobody would free.
 */
export async function allSettled<T extends readonly unknown[]>(
  promises: readonly [...T],
): Promise<{ -readonly [Place in keyof T]: Awaited<T[Place]> }> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
