import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AttestationDetail, Check } from '@/lib/contracts';
import { THREATS } from '@/lib/contracts';
import { decodeDetail, encodeDetail } from '.';
import { CHECK_ENTRIES, SIGNAL_NAMES } from './dictionary';

const ORDINARY: AttestationDetail = {
  evidenceCode: null,
  checks: [
    check('challenge', 'The challenge is ours, for this app, and in time.'),
    check('assertion_object_strict', 'An App Attest assertion in strict CBOR.'),
    check('counter_rises', 'The counter rose from 41 to 042.'),
    check('client_platform', 'The client names the platform of its evidence.'),
  ],
  appraisal: {
    verdict: 'trusted',
    decidingRule: null,
    decidingThreat: null,
    matched: [],
    vector: {
      'instance-identity': 2,
      configuration: 2,
      executables: 2,
      'file-system': 0,
      hardware: 2,
      'runtime-opaque': 0,
      'storage-opaque': 2,
      'sourced-data': 32,
    },
    smallestFlip: null,
    annotations: [],
  },
  signals: { found: [], clear: ['hooks', 'debugger', 'bootloader_unlocked'], unknown: [] },
  claims: null,
  tokenId: '01a222fd-a78c-7254-9f90-75991d7560ed',
};

function check(id: string, detail: string, outcome: Check['outcome'] = 'pass'): Check {
  return { id, outcome, detail };
}

function roundTrip(detail: AttestationDetail): unknown {
  return decodeDetail(JSON.parse(JSON.stringify(encodeDetail(detail))), detail.appraisal);
}

describe('the stored detail of an event', () => {
  it('is an ordinary one again, which took little room', () => {
    expect(roundTrip(ORDINARY)).toEqual(ORDINARY);
    expect(JSON.stringify(encodeDetail(ORDINARY)).length).toBeLessThan(160);
  });

  it('is one again in which much was found', () => {
    const detail: AttestationDetail = {
      ...ORDINARY,
      evidenceCode: 'evidence_malformed',
      checks: [check('chain_well_formed', 'The chain has 1 certificates.', 'fail'), ...ORDINARY.checks],
      appraisal: {
        ...ORDINARY.appraisal,
        verdict: 'flagged',
        decidingRule: 'threat.hooks',
        decidingThreat: 'hooks',
        matched: [{ rule: 'threat.hooks', threat: 'hooks', response: 'flag', reason: 'Reported.' }],
        smallestFlip: {
          changes: [{ rule: 'threat.hooks', threat: 'hooks', from: 'flag', to: 'observe' }],
          verdict: 'trusted',
        },
        annotations: ['step-up'],
      },
      signals: { found: ['hooks', 'a_threat_of_tomorrow'], clear: [], unknown: ['3', 'two words', ''] },
      integrity: null,
      tokenId: null,
    };
    expect(roundTrip(detail)).toEqual(detail);
  });

  it.each([
    ['another sentence', check('challenge', 'The challenge is blue.')],
    ['another outcome', check('client_platform', 'The client names the platform of its evidence.', 'fail')],
    ['a sign for a number', check('counter_rises', 'The counter rose from # to #.')],
    ['a sign and a number', check('counter_rises', 'The counter rose from # to 7.')],
    ['a number too many', check('counter_rises', 'The counter rose from 1 to 2. 3')],
    ['a huge number', check('counter_rises', `The counter rose from 0 to ${'9'.repeat(40)}.`)],
    ['no check of ours', check('*', '*')],
    ['a key that runs together', check('challenge pass', 'The challenge is ours.')],
  ])('keeps a check with %s', (_name, odd) => {
    const detail = { ...ORDINARY, checks: [odd, ...ORDINARY.checks, odd] };
    expect(roundTrip(detail)).toEqual(detail);
  });

  it('may have no checks', () => {
    expect(roundTrip({ ...ORDINARY, checks: [] })).toEqual({ ...ORDINARY, checks: [] });
  });

  it('is read as it was stored before, too', () => {
    expect(decodeDetail(ORDINARY, ORDINARY.appraisal)).toEqual(ORDINARY);
  });

  it.each([
    [null],
    ['text'],
    [{}],
    [{ checks: '9999', vector: '0 0 0 0 0 0 0 0' }],
    [{ checks: '0', vector: '0' }],
  ])('is refused where it is %j', (stored) => {
    expect(() => decodeDetail(stored, ORDINARY.appraisal)).toThrow();
  });
});

describe('the dictionary', () => {
  it('has each entry once, and gives every one of them back', () => {
    const keys = CHECK_ENTRIES.map((entry) => entry.join(' '));
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(SIGNAL_NAMES).size).toBe(SIGNAL_NAMES.length);
    const checks = CHECK_ENTRIES.map(([id, outcome, sentence]) =>
      check(id, sentence.replaceAll('#', '12'), outcome),
    );
    const { unlisted } = encodeDetail({ ...ORDINARY, checks });
    expect(unlisted).toBeUndefined();
    expect(roundTrip({ ...ORDINARY, checks })).toEqual({ ...ORDINARY, checks });
  });

  it('lists every signal that an app can report', () => {
    const reported = THREATS.filter(({ source }) => source === 'runtime').map(({ id }) => id);
    expect(reported.filter((id) => !SIGNAL_NAMES.includes(id))).toEqual([]);
  });

  it('has only grown: stored numbers keep their meaning', () => {
    const digestOf = (entries: readonly unknown[]) =>
      createHash('sha256').update(JSON.stringify(entries)).digest('hex').slice(0, 16);
    expect(digestOf(CHECK_ENTRIES.slice(0, 63))).toBe('d8f91ed558bfd261');
    expect(digestOf(SIGNAL_NAMES.slice(0, 24))).toBe('ff8fdb58e32de084');
  });
});
