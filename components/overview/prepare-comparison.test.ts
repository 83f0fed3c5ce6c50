import { expect, test } from 'vitest';
import type { Comparison } from '@/lib/contracts';
import { compareFigures, compareThreats } from './prepare-comparison';

const AT = '2026-03-03T12:00:00.000Z';

function side(trusted: number, rejected: number): Comparison['a'] {
  const attestations = trusted + rejected;
  return {
    label: 'x',
    from: AT,
    to: AT,
    attestations,
    passRate: attestations === 0 ? null : trusted / attestations,
    verdicts: { trusted, flagged: 0, restricted: 0, rejected },
  };
}
const rowOf = (a: Comparison['a'], b: Comparison['a'], id: string) =>
  compareFigures({ a, b }).find((row) => row.id === id);

test('counts are compared by their change, shares by points', () => {
  const [now, before] = [side(150, 50), side(95, 5)];
  expect(rowOf(now, before, 'attestations')).toMatchObject({ a: '200', b: '100', difference: '+100\u202f%' });
  expect(rowOf(now, before, 'rejected')).toMatchObject({ difference: '+20.0 pt', worse: true });
  expect(rowOf(now, before, 'pass-rate')).toMatchObject({ difference: '−20.0 pt', worse: true });
});

test('what got better is no bad news', () => {
  const [now, before] = [side(95, 5), side(150, 50)];
  expect(compareFigures({ a: now, b: before }).filter((row) => row.worse)).toEqual([]);
});

test('a side without attestations has no shares to compare', () => {
  expect(rowOf(side(1, 0), side(0, 0), 'rejected')).toMatchObject({ b: '–', difference: '', worse: false });
  expect(rowOf(side(0, 0), side(9, 0), 'pass-rate')).toMatchObject({ a: '–', difference: '', worse: false });
});

test('keeps the order of the threats, largest difference first', () => {
  const threats = ['hooks', 'emulator', 'malware'].map((threat) => ({
    threat,
    title: threat,
    a: 0.2,
    b: 0.1,
  }));
  const compared = compareThreats({ a: side(80, 20), b: side(90, 10), threats }, 2);
  expect(compared.map(({ id, worse }) => [id, worse])).toEqual([
    ['hooks', true],
    ['emulator', true],
  ]);
  const [first] = compareThreats({ a: side(80, 20), b: side(0, 0), threats }, 1);
  expect(first).toMatchObject({ b: '–', difference: '', worse: false });
});
