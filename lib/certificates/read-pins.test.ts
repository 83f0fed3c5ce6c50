import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '@/lib/core';
import { readCertificate } from './read-chain';
import { readPins } from './read-pins';
import { certificateRequestPem, createTlsCa } from './testing/tls-ca';

const ca = createTlsCa(Date.now());
const issued = ca.issue({ host: 'api.example.com' });
const publicKey = createPublicKey(issued.key);
const publicPem = publicKey.export({ format: 'pem', type: 'spki' }).toString();
const requestPem = certificateRequestPem(issued.key, 'api.example.com');
const pem = (label: string, der: Buffer) =>
  `-----BEGIN ${label}-----\n${der.toString('base64')}\n-----END ${label}-----\n`;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const bare = (text: string) => text.replace(/-----[^-]+-----/g, '');

function codeOf(material: string): string {
  try {
    readPins(material);
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'read';
}

describe('reading pins', () => {
  it('takes the same pin from a certificate, a request, a public key and the pin itself', () => {
    const [leafPem = ''] = issued.chainPem.split(/(?<=-----END CERTIFICATE-----\n)/);
    expect(readPins(leafPem)).toEqual([
      { spkiSha256: issued.pin, source: 'certificate', subject: 'CN=api.example.com' },
    ]);
    expect(readPins(requestPem)).toEqual([{ spkiSha256: issued.pin, source: 'csr', subject: null }]);
    expect(readPins(publicPem)).toEqual([{ spkiSha256: issued.pin, source: 'public_key', subject: null }]);
    for (const text of [issued.pin, `sha256/${issued.pin}`, `  ${issued.pin}\n`]) {
      expect(readPins(text)).toEqual([{ spkiSha256: issued.pin, source: 'digest', subject: null }]);
    }
  });

  it('reads base64 without its frame, and a whole chain in its order', () => {
    expect(readPins(bare(requestPem))[0]).toMatchObject({ spkiSha256: issued.pin, source: 'csr' });
    expect(readPins(bare(publicPem))[0]).toMatchObject({ spkiSha256: issued.pin, source: 'public_key' });
    expect(readPins(issued.chainPem).map((key) => key.spkiSha256)).toEqual([issued.pin, ca.pin]);
    expect(readPins(issued.chainPem + publicPem)).toHaveLength(2);
  });

  it('pins an RSA key as well', () => {
    const pem = rsa.publicKey.export({ format: 'pem', type: 'spki' }).toString();
    expect(readPins(pem)[0]?.spkiSha256).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  });

  it('refuses every form of a private key, also beside a certificate and without its frame', () => {
    const { key } = issued;
    const encrypted = { cipher: 'aes-256-cbc', passphrase: 'secret' };
    const forms = [
      key.export({ format: 'pem', type: 'pkcs8' }),
      key.export({ format: 'pem', type: 'sec1' }),
      key.export({ format: 'pem', type: 'pkcs8', ...encrypted }),
      rsa.privateKey.export({ format: 'pem', type: 'pkcs1' }),
      rsa.privateKey.export({ format: 'pem', type: 'pkcs8' }),
    ].map(String);
    for (const pem of forms) {
      expect(codeOf(pem)).toBe('pin_private_key_refused');
      expect(codeOf(issued.chainPem + pem)).toBe('pin_private_key_refused');
      expect(codeOf(bare(pem))).toBe('pin_private_key_refused');
    }
    expect(codeOf('-----BEGIN OPENSSH PRIVATE KEY-----\nbroken')).toBe('pin_private_key_refused');
  });

  it('says nothing of the text that it refuses', () => {
    const secret = issued.key.export({ format: 'pem', type: 'pkcs8' }).toString();
    try {
      readPins(secret);
      expect.unreachable();
    } catch (error) {
      const told = JSON.stringify(error, Object.getOwnPropertyNames(error));
      expect(told).not.toContain(secret.split('\n')[1]);
    }
  });

  it('never fails on a text in any other way, and never keeps a certificate that is none', () => {
    const frame = fc.constantFrom('CERTIFICATE', 'CERTIFICATE REQUEST', 'PUBLIC KEY', 'X509 CRL');
    const block = fc
      .tuple(frame, fc.uint8Array({ maxLength: 300 }))
      .map(([label, bytes]) => pem(label, Buffer.from(bytes)));
    const cut = fc.nat(issued.chainPem.length).map((length) => issued.chainPem.slice(length));
    const codes = new Set(['pin_unreadable', 'pin_private_key_refused', 'read']);
    fc.assert(
      fc.property(fc.oneof(fc.string(), block, cut, fc.base64String()), (text) => codes.has(codeOf(text))),
      { numRuns: 600 },
    );
    fc.assert(
      fc.property(fc.nat(issued.der.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const der = Buffer.from(issued.der);
        der[at] = (der[at] ?? 0) ^ change;
        const read = readCertificate(der);
        return read === undefined || read.spkiSha256.length === 44;
      }),
      { numRuns: 600 },
    );
  });

  it('refuses what is damaged, foreign or too much', () => {
    const damaged = issued.chainPem.replace(/MII[A-Za-z0-9+/]{8}/, 'MIIAAAAAAAA');
    const cutOff = issued.chainPem.slice(0, -40);
    const [leafPem = ''] = issued.chainPem.split(/(?<=-----END CERTIFICATE-----\n)/);
    const many = Array.from({ length: 17 }, () => leafPem).join('');
    for (const text of [
      'hello',
      'sha256/short',
      damaged,
      cutOff,
      publicPem.replaceAll('PUBLIC KEY', 'DH PARAMETERS'),
      many,
    ]) {
      expect(codeOf(text)).toBe('pin_unreadable');
    }
  });
});
