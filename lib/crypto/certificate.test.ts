import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readPemCertificates } from '@/lib/evidence';
import { readVectorFile, readVectors } from '@/lib/evidence/testing/vectors';
import {
  type Certificate,
  isCertificateAuthority,
  isSignedBy,
  isSignedByRemembered,
  maySignCertificates,
  parseCertificate,
  pathLengthLimit,
  sameName,
  unknownCriticalExtensions,
  validityAt,
} from './index';

const TOLERANT = { berBoolean: true };
const ders = readVectors('android/chains').flatMap(
  ({ folder, vector }) => readPemCertificates(readVectorFile(folder, vector).toString('utf8')) ?? [],
);

function parse(der: Uint8Array): Certificate {
  const certificate = parseCertificate(der, TOLERANT);
  if (certificate === undefined) throw new Error('a real certificate does not parse');
  return certificate;
}

describe('certificates', () => {
  it('of real devices are read as OpenSSL reads them', () => {
    expect(ders.length).toBeGreaterThan(130);
    for (const der of ders) {
      const ours = parse(der);
      const theirs = new X509Certificate(Buffer.from(der));
      expect(ours.serial).toBe(theirs.serialNumber.toLowerCase().replace(/^0+(?=.)/, ''));
      expect(ours.notBeforeMs).toBe(Date.parse(theirs.validFrom));
      expect(ours.notAfterMs).toBe(Date.parse(theirs.validTo));
      expect(isCertificateAuthority(ours, TOLERANT)).toBe(theirs.ca);
    }
  });

  it('are signed by their issuers as OpenSSL says, remembered or not', () => {
    const [vector] = readVectors('android/chains').filter(({ case: name }) => name.endsWith('2026_ROOT'));
    const chain =
      readPemCertificates(readVectorFile('android/chains', vector?.vector ?? '').toString('utf8')) ?? [];
    for (const [index, der] of chain.entries()) {
      const issuer = parse(chain[index + 1] ?? der);
      const stranger = parse(chain[index === 0 ? 2 : 0] ?? der);
      expect(sameName(parse(der).issuer, issuer.subject)).toBe(true);
      expect(isSignedBy(parse(der), issuer.spki)).toBe(true);
      expect(isSignedByRemembered(parse(der), issuer.spki)).toBe(true);
      expect(isSignedByRemembered(parse(der), issuer.spki)).toBe(true);
      expect(isSignedByRemembered(parse(der), stranger.spki)).toBe(false);
    }
  });

  it('with one byte more or less are refused', () => {
    for (const der of ders.slice(0, 10)) {
      expect(parseCertificate(Buffer.concat([der, Buffer.from([0])]), TOLERANT)).toBeUndefined();
      expect(parseCertificate(der.subarray(0, -1), TOLERANT)).toBeUndefined();
    }
    expect(parseCertificate(new Uint8Array())).toBeUndefined();
  });

  it('are valid on both bounds, to the second', () => {
    const certificate = parse(ders[1] ?? new Uint8Array());
    const { notBeforeMs, notAfterMs } = certificate;
    expect(validityAt(certificate, notBeforeMs)).toBe('valid');
    expect(validityAt(certificate, notBeforeMs - 1)).toBe('not_yet_valid');
    expect(validityAt(certificate, notAfterMs + 999)).toBe('valid');
    expect(validityAt(certificate, notAfterMs + 1000)).toBe('expired');
    expect(validityAt(certificate, Number.NaN)).not.toBe('valid');
  });

  it('state what they may do', () => {
    const [leaf, issuer] = ders.slice(0, 2).map(parse);
    expect(leaf && [isCertificateAuthority(leaf), maySignCertificates(leaf)]).toEqual([false, false]);
    expect(issuer && [isCertificateAuthority(issuer), maySignCertificates(issuer)]).toEqual([true, true]);
    const limits = ders.map(parse).map(pathLengthLimit);
    expect(limits).toContain(2);
    expect(limits).toContain(undefined);
  });

  it('with malformed basic constraints are no authorities', () => {
    const [, issuer] = ders.map(parse);
    const constrained = (hex: string) =>
      issuer && {
        ...issuer,
        extensions: new Map([['2.5.29.19', { critical: true, value: Buffer.from(hex, 'hex') }]]),
      };
    const isAuthority = (hex: string) => {
      const certificate = constrained(hex);
      return certificate && isCertificateAuthority(certificate);
    };
    expect(isAuthority('30060101ff020103')).toBe(true);
    expect(isAuthority('30060101ff0201ff')).toBe(false);
    expect(isAuthority('30060101ff040103')).toBe(false);
    expect(isAuthority('30090101ff020103020103')).toBe(false);
    expect(isAuthority('3003020103')).toBe(false);
  });

  it('show their critical extensions that are not known', () => {
    const [leaf] = ders.map(parse);
    expect(leaf && unknownCriticalExtensions(leaf, new Set())).toEqual(['2.5.29.15']);
    expect(leaf && unknownCriticalExtensions(leaf, new Set(['2.5.29.15']))).toEqual([]);
  });
});
