import { generateKeyPairSync, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { CompactEncrypt, decodeProtectedHeader } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  createSealingKeyPair,
  MAX_SECRET_BYTES,
  openSecret,
  sealingPublicJwk,
  sealSecret,
  unwrapPrivateKey,
  wrapPrivateKey,
} from './sealing';

const ROW = { table: 'api_key_versions', id: '0199-1' };
const SECRET = Buffer.from('a secret worth keeping');
const MASTER_KEY = Buffer.alloc(32, 7);

let pair: Awaited<ReturnType<typeof createSealingKeyPair>>;
let sealed: string;
beforeAll(async () => {
  pair = await createSealingKeyPair();
  sealed = await sealSecret(pair.publicJwk, SECRET, ROW);
});

/** The text with its last character of part `index` replaced by another one that changes a significant bit. */
function tamper(text: string, index: number): string {
  const parts = text.split('.');
  const part = parts[index] ?? '';
  parts[index] = (part.startsWith('A') ? 'B' : 'A') + part.slice(1);
  return parts.join('.');
}

describe('sealSecret and openSecret', () => {
  it('opens for the row that it was sealed for', async () => {
    const opened = await openSecret(pair.privateKey, sealed, ROW);
    expect(opened.ok && Buffer.from(opened.plaintext)).toEqual(SECRET);
  });

  it('names algorithm, key and row in the protected header, and hides the secret', () => {
    expect(decodeProtectedHeader(sealed)).toMatchObject({
      alg: 'ECDH-ES',
      enc: 'A256GCM',
      kid: pair.publicJwk.kid,
      row: ROW,
    });
    expect(sealed).not.toContain(SECRET.toString('base64url'));
  });

  it.each([
    { table: ROW.table, id: '0199-2' },
    { table: 'pins', id: ROW.id },
    { table: `${ROW.table}0199`, id: '-1' },
  ])('refuses to open a ciphertext that was moved to $table/$id', async (row) => {
    expect(await openSecret(pair.privateKey, sealed, row)).toEqual({
      ok: false,
      code: 'sealed_identity_mismatch',
    });
  });

  it('refuses a header that was rewritten for another row', async () => {
    const [header = '', ...rest] = sealed.split('.');
    const forged = JSON.parse(Buffer.from(header, 'base64url').toString());
    forged.row.id = '0199-2';
    const moved = [Buffer.from(JSON.stringify(forged)).toString('base64url'), ...rest].join('.');
    expect(await openSecret(pair.privateKey, moved, forged.row)).toEqual({
      ok: false,
      code: 'sealed_unreadable',
    });
  });

  it.each([0, 2, 3, 4])('refuses a changed part %i', async (index) => {
    expect((await openSecret(pair.privateKey, tamper(sealed, index), ROW)).ok).toBe(false);
  });

  it('refuses another private key', async () => {
    const other = await createSealingKeyPair();
    expect(await openSecret(other.privateKey, sealed, ROW)).toEqual({ ok: false, code: 'sealed_unreadable' });
  });

  it.each([
    ['another type', { alg: 'ECDH-ES', enc: 'A256GCM', typ: 'JWE', row: ROW }, 'sealed_malformed'],
    ['no row', { alg: 'ECDH-ES', enc: 'A256GCM', typ: 'countersign-sealed+jwe' }, 'sealed_identity_mismatch'],
    [
      'another key agreement',
      { alg: 'ECDH-ES+A256KW', enc: 'A256GCM', typ: 'countersign-sealed+jwe', row: ROW },
      'sealed_unreadable',
    ],
    [
      'another cipher',
      { alg: 'ECDH-ES', enc: 'A128GCM', typ: 'countersign-sealed+jwe', row: ROW },
      'sealed_unreadable',
    ],
    [
      'compression',
      { alg: 'ECDH-ES', enc: 'A256GCM', zip: 'DEF', typ: 'countersign-sealed+jwe', row: ROW },
      'sealed_unreadable',
    ],
  ])('refuses a JWE with %s', async (_what, header, code) => {
    const { kid: _kid, ...key } = pair.publicJwk;
    const jwe = await new CompactEncrypt(SECRET).setProtectedHeader(header).encrypt(key);
    expect(await openSecret(pair.privateKey, jwe, ROW)).toEqual({ ok: false, code });
  });

  it('never throws on and never opens what is not sealed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.array(fc.base64String()).map((p) => p.join('.')),
        ),
        async (text) => {
          expect((await openSecret(pair.privateKey, text, ROW)).ok).toBe(false);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('seals and opens the longest secret, and refuses one byte more', async () => {
    const longest = await sealSecret(pair.publicJwk, randomBytes(MAX_SECRET_BYTES), ROW);
    expect((await openSecret(pair.privateKey, longest, ROW)).ok).toBe(true);
    await expect(sealSecret(pair.publicJwk, Buffer.alloc(MAX_SECRET_BYTES + 1), ROW)).rejects.toThrow(
      RangeError,
    );
    expect((await openSecret(pair.privateKey, `${longest}${'A'.repeat(MAX_SECRET_BYTES)}`, ROW)).ok).toBe(
      false,
    );
  });
});

describe('wrapPrivateKey and unwrapPrivateKey', () => {
  const wrap = () => wrapPrivateKey(MASTER_KEY, pair.privateKey, ROW);

  it('gives the key back under the same master key and row', async () => {
    const unwrapped = unwrapPrivateKey(MASTER_KEY, wrap(), ROW);
    expect(unwrapped.ok && (await sealingPublicJwk(unwrapped.privateKey))).toEqual(pair.publicJwk);
  });

  it('never gives the same ciphertext twice', () => {
    expect(wrap()).not.toBe(wrap());
  });

  it('wraps keys of every kind', () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const unwrapped = unwrapPrivateKey(MASTER_KEY, wrapPrivateKey(MASTER_KEY, privateKey, ROW), ROW);
    expect(unwrapped.ok && unwrapped.privateKey.equals(privateKey)).toBe(true);
  });

  it('says that the master key is another one', () => {
    expect(unwrapPrivateKey(Buffer.alloc(32, 8), wrap(), ROW)).toEqual({
      ok: false,
      code: 'master_key_mismatch',
    });
  });

  it('refuses a key that was moved to another row', () => {
    expect(unwrapPrivateKey(MASTER_KEY, wrap(), { ...ROW, id: '0199-2' })).toEqual({
      ok: false,
      code: 'sealed_unreadable',
    });
  });

  it.each([2, 3, 4])('refuses a changed part %i', (index) => {
    expect(unwrapPrivateKey(MASTER_KEY, tamper(wrap(), index), ROW)).toEqual({
      ok: false,
      code: 'sealed_unreadable',
    });
  });

  it('refuses a shortened authentication tag', () => {
    const parts = wrap().split('.');
    parts[4] = (parts[4] ?? '').slice(0, 6);
    expect(unwrapPrivateKey(MASTER_KEY, parts.join('.'), ROW)).toEqual({
      ok: false,
      code: 'sealed_malformed',
    });
  });

  it('refuses anything else without throwing', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(unwrapPrivateKey(MASTER_KEY, text, ROW).ok).toBe(false);
        expect(unwrapPrivateKey(MASTER_KEY, `w1.${text}`, ROW).ok).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it('insists on a master key of 32 bytes', () => {
    expect(() => wrapPrivateKey(Buffer.alloc(16), pair.privateKey, ROW)).toThrow(TypeError);
    expect(() => unwrapPrivateKey(Buffer.alloc(31), wrap(), ROW)).toThrow(TypeError);
  });
});
