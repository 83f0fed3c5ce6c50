import { describe, expect, it } from 'vitest';
import { parseCertificate, STRICT_DER } from '@/lib/crypto';
import { checkCriticalExtensions, checkValidity, readChain } from './chain';
import { derName } from './testing/issue-certificate';
import { createScenario, SCENARIO_NOW_MS } from './testing/scenario';

const scenario = createScenario();
const { ca, context, key } = scenario;
const PROFILE = { min: 1, max: 10, tolerance: STRICT_DER };
const DAY_MS = 24 * 60 * 60 * 1000;

/** A certificate with this many critical extensions that nobody knows, and another with this many bytes. */
function certificate(criticalCount: number, padding = 0): Buffer {
  const critical = Array.from({ length: criticalCount }, (_item, index) => ({
    oid: `1.2.3.${index}`,
    critical: true,
    value: Buffer.alloc(0),
  }));
  return ca.issue({
    subject: derName([['CN', 'odd one']]),
    spki: key.spki,
    serial: 7,
    notBeforeMs: SCENARIO_NOW_MS - DAY_MS,
    notAfterMs: SCENARIO_NOW_MS + DAY_MS,
    isCa: false,
    extensions: [...critical, { oid: '1.2.4', value: Buffer.alloc(padding) }],
  });
}

describe('chains', () => {
  it('are refused when they are too large together, however small each certificate is', () => {
    const large = certificate(0, 15_000);
    expect(readChain(Array(4).fill(large), PROFILE)).toMatchObject({ outcome: 'pass' });
    expect(readChain(Array(5).fill(large), PROFILE)).toMatchObject({ code: 'evidence_too_large' });
  });

  it('are told from each other in few words, however many unknown extensions they have', () => {
    const leaf = parseCertificate(certificate(200));
    if (leaf === undefined) throw new TypeError('no certificate');
    const finding = checkCriticalExtensions({ leaf, issuers: [] }, new Set(['2.5.29.15', '2.5.29.19']));
    expect(finding).toMatchObject({ code: 'evidence_extension_unknown_critical' });
    expect(finding.detail).toContain('1.2.3.0');
    expect(finding.detail.length).toBeLessThan(100);
  });

  it('are never valid at an instant that is no number', () => {
    const leaf = parseCertificate(certificate(0));
    expect(checkValidity(leaf === undefined ? [] : [leaf], Number.NaN)).toMatchObject({ outcome: 'fail' });
    expect(scenario.apple({ context: { nowMs: Number.NaN } })).toMatchObject({ ok: false });
    expect(scenario.dev({ context: { nowMs: Number.NaN } })).toMatchObject({ ok: false });
  });

  it('of App Attest end at an anchor that is valid to the second, as certificates are', () => {
    const endingAt = (notAfterMs: number) =>
      scenario.apple({
        context: {
          nowMs: SCENARIO_NOW_MS + 999,
          anchors: { ...context.anchors, apple: context.anchors.apple.map((it) => ({ ...it, notAfterMs })) },
        },
      });
    expect(endingAt(SCENARIO_NOW_MS)).toMatchObject({ ok: true });
    expect(endingAt(SCENARIO_NOW_MS - 1000)).toMatchObject({ code: 'evidence_certificate_expired' });
  });
});
