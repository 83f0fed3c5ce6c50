/** What is wrong with a JSON text before it is parsed. */
export type JsonFault = 'too_deep' | 'duplicate_key' | 'unterminated_string' | 'text_not_storable';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COLON = 0x3a;

/** Lone surrogates and NUL: no I-JSON (RFC 7493 §2.1), and Postgres stores neither. */
const NOT_STORABLE = /[\p{Surrogate}\0]/u;

/** Whether text can be stored as `text` and inside `jsonb`. */
export function isStorable(text: string): boolean {
  return !NOT_STORABLE.test(text);
}

/** Position after the closing quote of the string literal that starts at `start`; -1 where there is none. */
function endOfEscaped(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) return i + 1;
    if (code === BACKSLASH) i++;
  }
  return -1;
}

/** The value of a string literal; the literal itself where its escapes are wrong, which `JSON.parse` will tell. */
function decode(literal: string): string {
  try {
    return String(JSON.parse(literal));
  } catch {
    return literal;
  }
}

/** Names seen per open object, innermost last; `null` for an open array. */
type Nesting = (Set<string> | null)[];

/** Follows one structural character. Returns whether a string that comes next is a member's name. */
function step(code: number, open: Nesting, isNameExpected: boolean): boolean {
  switch (code) {
    case OPEN_BRACE:
      open.push(new Set());
      return true;
    case OPEN_BRACKET:
      open.push(null);
      return false;
    case CLOSE_BRACE:
    case CLOSE_BRACKET:
      open.pop();
      return false;
    case COMMA:
      return open.at(-1) != null;
    case COLON:
      return false;
    default:
      return isNameExpected;
  }
}

/**
 * Finds what `JSON.parse` would let pass: nesting beyond `maxDepth`, a member name that occurs twice in one object
 * (RFC 7493 §2.3), text that cannot be stored. Linear in the text, total; whether the grammar holds is left to
 * `JSON.parse`.
 */
export function findJsonFault(text: string, maxDepth: number): JsonFault | undefined {
  const open: Nesting = [];
  let isNameExpected = false;
  /** The first backslash that has not been passed: strings without one, which most are, are searched natively. */
  let backslash = text.indexOf('\\');
  for (let i = 0; i < text.length; ) {
    const code = text.charCodeAt(i);
    if (code !== QUOTE) {
      isNameExpected = step(code, open, isNameExpected);
      if (open.length > maxDepth) return 'too_deep';
      i++;
      continue;
    }
    const quote = text.indexOf('"', i + 1);
    if (backslash >= 0 && backslash < i) backslash = text.indexOf('\\', i);
    const isEscaped = backslash >= 0 && backslash < quote;
    const end = isEscaped || quote < 0 ? endOfEscaped(text, i) : quote + 1;
    if (end < 0) return 'unterminated_string';
    const value = isEscaped ? decode(text.slice(i, end)) : text.slice(i + 1, end - 1);
    if (isEscaped && !isStorable(value)) return 'text_not_storable';
    const names = isNameExpected ? open.at(-1) : null;
    if (names?.has(value)) return 'duplicate_key';
    names?.add(value);
    i = end;
  }
  return undefined;
}
