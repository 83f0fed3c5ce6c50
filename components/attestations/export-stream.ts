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

/** The name that the server gives a file, without anything that is no part of a name. */
export function fileNameOf(disposition: string | null, format: string): string {
  const name = /filename="([\w.-]+)"/.exec(disposition ?? '')?.[1];
  return name ?? `attestations.${format}`;
}
