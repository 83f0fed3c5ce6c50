import { describe, expect, it } from 'vitest';
import { createScenario, SCENARIO_NOW_MS } from '../testing/scenario';
import { parseRevocationList } from './revocation';

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
    ['no object', 'REVOKED'],
  ])('is refused with %s', (_what, value) => {
    expect(parse(value)).toBeUndefined();
  });

  it('is refused when it is no JSON or no UTF-8', () => {
    expect(parseRevocationList(Buffer.from('{'), 0)).toBeUndefined();
    expect(parseRevocationList(Buffer.from([0xff]), 0)).toBeUndefined();
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
