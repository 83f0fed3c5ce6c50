const LINE_FEED = 10;
const QUOTE = 34;

/** Counts the rows of a CSV or NDJSON file as its bytes arrive. A line feed in a quoted CSV cell ends no row. */
export class LineCounter {
  #lines = 0;
  #bytes = 0;
  #quoted = false;

  /** `headLines` are those that are no rows: one for CSV. CSV is told by it. */
  constructor(private readonly headLines: 0 | 1) {}

  get rows(): number {
    return Math.max(0, this.#lines - this.headLines);
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    for (const byte of chunk) {
      if (byte === QUOTE && this.headLines === 1) this.#quoted = !this.#quoted;
      else if (byte === LINE_FEED && !this.#quoted) this.#lines += 1;
    }
  }
}

/** From this size on, what arrived is given to the browser, which keeps it outside of the page's memory. */
const HAND_OVER_BYTES = 4 * 1024 * 1024;

/** Gathers a file of any size as it arrives, holding no more than a few megabytes of it. */
export class FileGatherer {
  #parts: Blob[] = [];
  #chunks: Uint8Array<ArrayBuffer>[] = [];
  #bytes = 0;

  /** How many bytes the page itself holds. */
  get heldBytes(): number {
    return this.#bytes;
  }

  add(chunk: Uint8Array<ArrayBuffer>): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes >= HAND_OVER_BYTES) this.#handOver();
  }

  /** The whole file. */
  finish(type: string): Blob {
    this.#handOver();
    return new Blob(this.#parts, { type });
  }

  #handOver(): void {
    this.#parts.push(new Blob(this.#chunks));
    this.#chunks = [];
    this.#bytes = 0;
  }
}

/** The name that the server gives a file, without anything that is no part of a name. */
export function fileNameOf(disposition: string | null, format: string): string {
  const name = /filename="([\w.-]+)"/.exec(disposition ?? '')?.[1];
  return name ?? `attestations.${format}`;
}
