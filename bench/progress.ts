// Progress: one line that changes on a terminal, a line for each task elsewhere.

import type { WriteStream } from 'node:tty';

export class Progress {
  readonly #stream: WriteStream;
  readonly #began = performance.now();
  #topic = '';

  constructor(stream: WriteStream) {
    this.#stream = stream;
  }

  /** @param text its words up to a colon name the task */
  show(text: string): void {
    if (this.#stream.isTTY) {
      const line = `${this.#elapsed()} ${text}`;
      this.#stream.write(`\r\u001b[2K${line.slice(0, (this.#stream.columns || 80) - 1)}`);
      return;
    }
    const topic = text.split(':')[0]!;
    if (topic !== this.#topic) this.#stream.write(`${this.#elapsed()} ${topic}\n`);
    this.#topic = topic;
  }

  /** Since the start, in s. */
  #elapsed(): string {
    return `${Math.round((performance.now() - this.#began) / 1000)} s`.padStart(6);
  }

  end(): void {
    if (this.#stream.isTTY) this.#stream.write('\r\u001b[2K');
  }
}
