// Progress: one line that changes on a terminal, a line for each task elsewhere.

import type { WriteStream } from 'node:tty';

export class Progress {
  readonly #stream: WriteStream;
  #topic = '';

  constructor(stream: WriteStream) {
    this.#stream = stream;
  }

  /** @param text its words up to a colon name the task */
  show(text: string): void {
    if (this.#stream.isTTY) {
      this.#stream.write(`\r\u001b[2K${text.slice(0, (this.#stream.columns || 80) - 1)}`);
      return;
    }
    const topic = text.split(':')[0]!;
    if (topic !== this.#topic) this.#stream.write(`${topic}\n`);
    this.#topic = topic;
  }

  end(): void {
    if (this.#stream.isTTY) this.#stream.write('\r\u001b[2K');
  }
}
