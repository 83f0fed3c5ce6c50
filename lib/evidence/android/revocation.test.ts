import { describe, expect, it } from 'vitest';
import { createScenario, SCENARIO_NOW_MS } from '../testing/scenario';
import { readVectorFile } from '../testing/vectors';
import { findRevocation, parseRevocationList } from './revocation';

const parse = (value: unknown) => parseRevocationList(Buffer.from(JSON.stringify(value)), SCENARIO_NOW_MS);

describe('the status list', () => {
  it('is read with status and reason', () => {
    const snapshot = parse({
      entries: { a1: { status: 'REVOKED', reason: 'KEY_COMPROMISE' }, 17: { status: 'SUSPENDED' } },
    });
    expect(snapshot?.entries.get('a1')).toEqual({ status: 'REVOKED', reason: 'KEY_COMPROMISE' });
    expect(snapshot?.entries.get('17')).toEqual({ status: 'SUSPENDED', reason: null });
    expect(snapshot?.fetchedAt).toBe(SCENARIO_NOW_MS);
  });

  it.each([
    ['no entries', {}],
    ['entries that are a list', { entries: [] }],
    ['an entry without status', { entries: { a1: {} } }],
    ['a serial that is no number', { entries: { 'not a serial': { status: 'REVOKED' } } }],
    ['a status that is no word', { entries: { a1: { status: '<b>' } } }],
    ['an entry that is no object', { entries: { a1: 'REVOKED' } }],
    ['no object', 'REVOKED'],
  ])('is refused with %s', (_what, value) => {
    expect(parse(value)).toBeUndefined();
  });

  it('is refused when it is no JSON or no UTF-8', () => {
    expect(parseRevocationList(Buffer.from('{'), 0)).toBeUndefined();
    expect(parseRevocationList(Buffer.from([0xff]), 0)).toBeUndefined();
  });

  it("of Google's own tests is read, and so is the one of its documentation", () => {
    const google = parseRevocationList(
      readVectorFile('android', 'revocation', 'google-test-status.json'),
      SCENARIO_NOW_MS,
    );
    expect(google?.entries.size).toBe(5);
    expect(google?.entries.get('cc66e9a93713b6e643b26c15879786f7')).toEqual({
      status: 'SUSPENDED',
      reason: 'KEY_COMPROMISE',
    });
    // Of its digits in hexadecimal, and of the number that they are in decimal.
    const listed = (serial: string) => google && findRevocation(google.entries, serial)?.status;
    expect(listed('6681152659205225093')).toBe('REVOKED');
    expect(listed(BigInt('6681152659205225093').toString(16))).toBe('REVOKED');
    expect(listed('00CC66E9A93713B6E643B26C15879786F7')).toBe('SUSPENDED');
    expect(listed('cc66e9a93713b6e643b26c15879786f8')).toBeUndefined();
    const documented = parse({
      entries: {
        '2c8cdddfd5e03bfc': {
          status: 'REVOKED',
          expires: '2020-11-13',
          reason: 'KEY_COMPROMISE',
          comment: 'a',
        },
        c8966fcb2fbb0d7a: { status: 'SUSPENDED', reason: 'SOFTWARE_FLAW' },
        1: { status: 'REVOKED' },
      },
    });
    expect(documented && findRevocation(documented.entries, '01')).toEqual({
      status: 'REVOKED',
      reason: null,
    });
    expect(documented && findRevocation(documented.entries, '2C8CDDDFD5E03BFC')?.reason).toBe(
      'KEY_COMPROMISE',
    );
  });

  it('says in its refusal why a certificate is listed', () => {
    const entries = new Map([['1', { status: 'REVOKED', reason: 'KEY_COMPROMISE' }]]);
    const { checks } = createScenario().android({
      context: { revocation: { entries, fetchedAt: SCENARIO_NOW_MS } },
    });
    expect(checks.at(-1)?.detail).toBe('Certificate 0 is listed as REVOKED for KEY_COMPROMISE.');
  });

  it('is only a warning where it is absent or outdated and not required', () => {
    const scenario = createScenario();
    const revocationRequired = false;
    const outcomeOf = (context: Parameters<typeof scenario.android>[0]) =>
      scenario.android(context).checks.find(({ id }) => id === 'revocation')?.outcome;
    expect(outcomeOf({ context: { revocation: null, revocationRequired } })).toBe('skip');
    const outdated = { entries: new Map(), fetchedAt: 0 };
    expect(outcomeOf({ context: { revocation: outdated, revocationRequired } })).toBe('warn');
    // A clock that was set back must not keep an old list young.
    for (const fetchedAt of [SCENARIO_NOW_MS + 2 * 86_400_000, Number.NaN]) {
      const revocation = { entries: new Map(), fetchedAt };
      expect(outcomeOf({ context: { revocation, revocationRequired } })).toBe('warn');
    }
    expect(outcomeOf({ context: { revocation: outdated, revocationMaxAgeSeconds: null } })).toBe('pass');
  });
});
