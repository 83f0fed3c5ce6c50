import { expect, test } from 'vitest';
import type { Finding } from '@/lib/contracts';
import { findingHref, findingWords } from './finding-words';

const TO = Date.UTC(2026, 2, 3, 14, 30);
const rate = (share: number) => ({ rate: share, hits: Math.round(share * 1_000), events: 1_000 });
const NOWHERE = { platform: null, osVersion: null, appVersion: null, model: null, country: null };

function finding(change: Partial<Finding> = {}): Finding {
  return {
    id: 'f1',
    appId: 'retail-bank',
    appName: 'Retail Bank',
    signal: 'hooks',
    title: 'Hooking framework attached (Frida, Xposed…)',
    cell: { ...NOWHERE, platform: 'ios', osVersion: '26.6' },
    now: rate(0.97),
    before: rate(0.002),
    siblings: rate(0.003),
    score: 40,
    devices: 1_107,
    since: '2026-03-03T13:52:00.000Z',
    reading: 'probable_false_positive',
    ...change,
  };
}

function sentence(change: Partial<Finding> = {}): string {
  const words = findingWords(finding(change), { toMs: TO, timeZone: 'UTC' });
  const siblings = words.siblings === null ? '' : `; ${words.siblings}`;
  return `${words.subject}${words.preposition}${words.place} ${words.change}${siblings}. ${words.devices}.`.replaceAll(
    '\u202f',
    ' ',
  );
}

test('says in one sentence what moved, where, by how much, since when, and whether others moved', () => {
  expect(sentence()).toBe(
    'Hooking framework attached on iOS 26.6 rose from 0.2 % to 97 % at 13:52; every other OS version is unchanged. 1,107 devices.',
  );
});

test('calls the others unchanged only where they are where this cell was', () => {
  expect(sentence({ siblings: rate(0.4) })).toContain('; other OS versions are at 40 %.');
  expect(sentence({ siblings: null })).toContain('at 13:52. 1,107');
});

test.each([
  [{ ...NOWHERE }, 'attached rose from', 'everything else'],
  [{ ...NOWHERE, platform: 'android' }, 'on Android rose', 'the other platform is'],
  [{ ...NOWHERE, appVersion: '5.4.0' }, 'on app 5.4.0 rose', 'every other app version is'],
  [{ ...NOWHERE, model: 'Pixel 10' }, 'on Pixel 10 rose', 'every other model is'],
  [{ ...NOWHERE, country: 'DE' }, 'in Germany rose', 'every other country is'],
  [
    { platform: 'ios', osVersion: '26.6', appVersion: '5.4.0', model: null, country: 'DE' },
    'on iOS 26.6, app 5.4.0, in Germany rose',
    'everything else is',
  ],
])('names the place that %o narrows to', (cell, place, others) => {
  expect(sentence({ cell })).toContain(place);
  expect(sentence({ cell })).toContain(others);
});

test('says the day where it began on another one, and falls as well as rises', () => {
  expect(sentence({ since: '2026-03-02T09:00:00.000Z' })).toContain('on 2 Mar at 09:00');
  expect(sentence({ now: rate(0.1), before: rate(0.5), signal: 'verdict:rejected' })).toContain(
    'Rejections on iOS 26.6 fell from 50 % to 10 %',
  );
});

test('leads to the attestations of the cell with the signal, since it began', () => {
  expect(findingHref(finding(), TO)).toBe(
    '/attestations?from=2026-03-03T13%3A52%3A00.000Z&to=2026-03-03T14%3A30%3A00.000Z&app=retail-bank&platform=ios&osVersion=26.6&threat=hooks',
  );
  expect(findingHref(finding({ signal: 'verdict:rejected', cell: NOWHERE }), TO)).toMatch(
    /&verdict=rejected$/,
  );
});
