import { stripVTControlCharacters } from 'node:util';

/** Tells the person at the terminal what happens: progress on standard output, trouble on standard error. */
export interface Progress {
  /** A step that is done, with the time since the start. */
  step(text: string): void;
  /** Something that went wrong and is being dealt with. */
  warn(text: string): void;
  /** Lines without a time, such as the addresses at the end. */
  say(text: string): void;
}

/** Progress on the terminal; times are in seconds since `startedAtMs` (a `performance.now()`). */
export function terminalProgress(startedAtMs: number): Progress {
  // A reader that goes away (`npm start | head`, a closed terminal) must not take the product with it.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const elapsed = () => `${((performance.now() - startedAtMs) / 1000).toFixed(1).padStart(6)} s`;
  return {
    step: (text) => console.log(`${elapsed()}  ${text}`),
    warn: (text) => console.error(`${elapsed()}  ${printable(text)}`),
    say: (text) => console.log(text),
  };
}

/** One line that cannot move the cursor or change colours, at most 500 characters. */
export function printable(text: string): string {
  const plain = Array.from(stripVTControlCharacters(text), (character) =>
    character < ' ' || (character >= '\x7f' && character < '\xa0') ? ' ' : character,
  ).join('');
  return plain.length > 500 ? `${plain.slice(0, 499)}…` : plain;
}
