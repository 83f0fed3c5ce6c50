import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { neighbour, prepareWorld, type WorldOutlines } from './prepare-world-map';

const OUTLINES: WorldOutlines = {
  width: 100,
  height: 50,
  countries: [
    { code: 'DE', x: 50, y: 10, path: 'M1 1z' },
    { code: 'FR', x: 45, y: 12, path: 'M2 2z' },
    { code: 'MT', x: 52, y: 20, path: '', small: true },
    { code: 'JP', x: 90, y: 15, path: 'M3 3z' },
  ],
};
const count = (country: string, events: number, rejected = 0) => ({ country, events, rejected });

test('shades by attestations, so that one large market leaves the others visible', () => {
  const { shaded } = prepareWorld(OUTLINES, [count('FR', 40, 10), count('DE', 100_000), count('MT', 1)]);
  expect(shaded.map(({ code, level, rejectedShare }) => [code, level, rejectedShare])).toEqual([
    ['DE', 5, 0],
    ['FR', 2, 0.25],
    ['MT', 1, 0],
  ]);
});

test('marks many rejections only among more than a handful of attestations', () => {
  const { shaded } = prepareWorld(OUTLINES, [count('FR', 9, 9), count('DE', 10, 1), count('JP', 100, 9)]);
  expect(shaded.filter(({ manyRejected }) => manyRejected).map(({ code }) => code)).toEqual(['DE']);
});

test('loses nothing that has no place on the map', () => {
  const { placeless, shaded } = prepareWorld(OUTLINES, [count('', 5), count('DE', 5), count('EU', 9)]);
  expect(placeless.map(({ country }) => country)).toEqual(['EU', '']);
  expect(shaded[0]?.share).toBeCloseTo(5 / 19);
});

test('draws what has no attestations as one outline, and fails nowhere without any', () => {
  expect(prepareWorld(OUTLINES, [count('DE', 1)]).rest).toBe('M2 2zM3 3z');
  expect(prepareWorld(OUTLINES, [])).toMatchObject({ shaded: [], placeless: [] });
});

test('an arrow key goes to the nearest country on that side, and stays where there is none', () => {
  const [germany, france, malta, japan] = OUTLINES.countries;
  if (!germany || !france || !malta || !japan) throw new Error('The outlines are incomplete.');
  expect(neighbour(OUTLINES.countries, germany, [-1, 0])).toBe(france);
  expect(neighbour(OUTLINES.countries, germany, [0, 1])).toBe(malta);
  expect(neighbour(OUTLINES.countries, germany, [1, 0])).toBe(japan);
  expect(neighbour(OUTLINES.countries, japan, [1, 0])).toBeUndefined();
});

test('the committed outlines have every country once, inside the picture, and stay small', () => {
  const text = readFileSync(path.join(process.cwd(), 'public', 'maps', 'world.json'), 'utf8');
  const { width, height, countries } = JSON.parse(text) as WorldOutlines;
  expect(text.length).toBeLessThan(60_000);
  expect(new Set(countries.map(({ code }) => code)).size).toBe(countries.length);
  expect(countries.filter(({ code }) => !/^[A-Z]{2}$/.test(code))).toEqual([]);
  expect(countries.filter(({ x, y }) => x < 0 || x > width || y < 0 || y > height)).toEqual([]);
  for (const code of ['US', 'IN', 'CN', 'BR', 'NG', 'FR', 'NO', 'SG', 'XK', 'TW', 'FJ']) {
    expect(countries.map((country) => country.code)).toContain(code);
  }
});
