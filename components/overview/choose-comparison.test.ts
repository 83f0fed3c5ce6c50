import { expect, test } from 'vitest';
import { chooseComparison, periodBefore } from './choose-comparison';

const VERSIONS = ['5.4.0', '5.3.2', '5.3.1'];

test('proposes the most used versions, never one against itself', () => {
  const choose = (a: string | null, b: string | null) =>
    chooseComparison({ compare: 'appVersion', a, b }, VERSIONS);
  expect(choose(null, null)).toEqual({ by: 'appVersion', a: '5.4.0', b: '5.3.2' });
  expect(choose(null, '5.4.0')).toEqual({ by: 'appVersion', a: '5.3.2', b: '5.4.0' });
  expect(choose('5.3.1', null)).toEqual({ by: 'appVersion', a: '5.3.1', b: '5.4.0' });
});

test('compares nothing until there are two versions, or where nothing was asked for', () => {
  expect(chooseComparison({ compare: 'appVersion', a: null, b: null }, ['5.4.0'])).toBeNull();
  expect(chooseComparison({ compare: null, a: '1', b: '2' }, VERSIONS)).toBeNull();
  expect(chooseComparison({ compare: 'period', a: null, b: null }, [])).toEqual({ by: 'period' });
});

test('the period before ends where the series begins and holds whole buckets', () => {
  const series = { from: '2026-03-03T12:00:00.000Z', to: '2026-03-03T12:47:10.000Z', bucketSeconds: 900 };
  expect(periodBefore(series)).toEqual({ from: '2026-03-03T11:15:00.000Z', to: '2026-03-03T12:00:00.000Z' });
  expect(periodBefore({ ...series, to: '2026-03-03T12:10:00.000Z' })).toBeNull();
});
