import { isStorable } from '../http/json-scanner';

/** Escapes under which `JSON.stringify` writes NUL and lone surrogates; a literal backslash before `u` also matches. */
const SUSPECT = /\\u(?:0000|d[89a-f][0-9a-f]{2})/;
const REPLACEMENT = '\u{fffd}';

/**
 * JSON that Postgres can store as `jsonb`, which knows neither NUL nor lone surrogates: what evidence quotes of them is
 * replaced. One such string would otherwise fail the whole transaction, and everybody else's attestation with it.
 */
export function storableJson(value: object): string {
  const text = JSON.stringify(value);
  return SUSPECT.test(text) ? JSON.stringify(cleaned(value)) : text;
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [cleanText(name), cleaned(member)]),
  );
}

function cleanText(text: string): string {
  return isStorable(text) ? text : text.replace(/[\p{Surrogate}\0]/gu, REPLACEMENT);
}
