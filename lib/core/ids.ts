import { pooledRandomBytes } from './random';

declare const brand: unique symbol;
/** A string that carries, for the compiler only, what it identifies. */
export type Branded<Kind extends string> = string & { readonly [brand]: Kind };

/** Id of a registered app: a slug its owner chose, `[a-z0-9-]{2,40}`. */
export type AppId = Branded<'app'>;
/** Id of a protected API: a slug, unique in the organisation. */
export type ApiId = Branded<'api'>;
/** Id of one installation of an app on one device (UUIDv7). */
export type InstanceId = Branded<'instance'>;
/** Id of an attestation event (UUIDv7). */
export type EventId = Branded<'event'>;
/** Id of a block (UUIDv7). */
export type BlockId = Branded<'block'>;
/** Id of a protected origin (UUIDv7). */
export type OriginId = Branded<'origin'>;
/** Id of a rotation of a pin (UUIDv7). */
export type RotationId = Branded<'rotation'>;
/** Id of a relying party that follows the revocation feed (UUIDv7). */
export type RelyingPartyId = Branded<'relying_party'>;
/** Id of a rule that blocks (UUIDv7). */
export type BlockRuleId = Branded<'block_rule'>;
/** Id of a staff member (UUIDv7). */
export type StaffId = Branded<'staff'>;
/** Id of a staff session (UUIDv7). */
export type SessionId = Branded<'session'>;

/**
 * A new UUIDv7 (RFC 9562, section 5.7): 48 bits of milliseconds, then randomness, so that ids made later sort later.
 */
export function newId<Id extends Branded<string>>(nowMs: number): Id {
  const bytes = pooledRandomBytes(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as Id;
}

/** Crockford's base 32, which has no I, L, O or U: nothing in a reference can be misread or spell a word. */
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A new reference such as `K7QF-2M9D`: 40 random bits that a person can read out over the telephone. */
export function newReference(): string {
  let symbols = '';
  for (const byte of pooledRandomBytes(8)) symbols += CROCKFORD[byte & 31];
  return `${symbols.slice(0, 4)}-${symbols.slice(4)}`;
}

/** The canonical spelling of a reference that a person typed, or `undefined` if it cannot be one. */
export function parseReference(text: string): string | undefined {
  const symbols = text.toUpperCase().replace(/[\s-]/g, '').replace(/[IL]/g, '1').replace(/O/g, '0');
  if (!/^[0-9A-HJKMNP-TV-Z]{8}$/.test(symbols)) return undefined;
  return `${symbols.slice(0, 4)}-${symbols.slice(4)}`;
}
