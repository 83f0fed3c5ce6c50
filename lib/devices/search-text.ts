import { parseReference } from '@/lib/core';
import type { DeviceMatch } from './store';

const ZERO = '0'.repeat(32);
const FULL = 'f'.repeat(32);

/** What a search text can mean: a reference to look up first, or something to match devices by. */
export type DeviceSearch = { kind: 'none' } | { kind: 'reference'; reference: string } | DeviceMatch;

/**
 * Reads a search text. The start of an id (4 hexadecimal digits or more) may also be part of a model, so that both are
 * matched. A reference is one only with its hyphen, or it would hide ids and models of eight characters.
 */
export function readDeviceSearch(text: string): DeviceSearch {
  const query = text.trim();
  if (query === '') return { kind: 'none' };
  const reference = /^.{4}-.{4}$/.test(query) ? parseReference(query) : undefined;
  if (reference !== undefined) return { kind: 'reference', reference };
  const hex = query.toLowerCase().replaceAll('-', '');
  if (!/^[0-9a-f]{4,32}$/.test(hex)) return { kind: 'text', text: query };
  if (hex.length === 32) return { kind: 'id', id: asUuid(hex) };
  return {
    kind: 'id_range',
    from: asUuid(hex + ZERO.slice(hex.length)),
    to: asUuid(hex + FULL.slice(hex.length)),
    text: query,
  };
}

function asUuid(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
