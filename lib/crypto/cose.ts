import { asCborBytes, asCborMap, type CborValue, hasExactKeys } from './cbor';

/** Labels and values of an EC2 key on P-256 for ES256 (RFC 9053, 7.1.1). */
const LABELS = { keyType: 1, algorithm: 3, curve: -1, x: -2, y: -3 } as const;
const EC2 = 2;
const ES256 = -7;
const P256 = 1;
const COORDINATE_BYTES = 32;
const UNCOMPRESSED = Buffer.from([0x04]);

/** The 65-byte uncompressed point of a COSE P-256 key; `undefined` for every other key or extra members. */
export function p256PointOfCose(value: CborValue | undefined): Uint8Array | undefined {
  const key = asCborMap(value);
  if (key === undefined || !hasExactKeys(key, Object.values(LABELS))) return undefined;
  const isP256 =
    key.get(LABELS.keyType) === EC2 && key.get(LABELS.algorithm) === ES256 && key.get(LABELS.curve) === P256;
  const x = asCborBytes(key.get(LABELS.x));
  const y = asCborBytes(key.get(LABELS.y));
  if (!isP256 || x?.length !== COORDINATE_BYTES || y?.length !== COORDINATE_BYTES) return undefined;
  return Buffer.concat([UNCOMPRESSED, x, y]);
}
