import { expect, test } from 'vitest';
import { prepareAdoption } from './prepare-adoption';

const TIMES = ['2026-03-01T12:00:00.000Z', '2026-03-01T12:05:00.000Z'];

test('an adoption has a line for each version that a device had, the newest first, and four at most', () => {
  const delivered = [1, 2, 3, 4, 5, 6].map((version) => ({
    version,
    devices: [version === 6 ? 0 : 1, version % 6],
  }));
  const { lines, points } = prepareAdoption({ times: TIMES, delivered, used: [] }, 'UTC');
  expect(lines.map(({ version }) => version)).toEqual([5, 4, 3, 2]);
  expect(points[1]).toMatchObject({ incomplete: true, devices: { v5: 5, v2: 2 } });
});

test('an adoption of nobody has no line', () => {
  const { lines, points } = prepareAdoption({ times: [], delivered: [], used: [] }, 'UTC');
  expect([lines, points]).toEqual([[], []]);
});
