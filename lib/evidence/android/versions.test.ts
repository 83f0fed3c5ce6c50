import { describe, expect, it } from 'vitest';
import { formatOsVersion, formatPatchLevel } from './versions';

const NOW_MS = Date.UTC(2026, 5, 15);

describe('versions', () => {
  it.each([
    [160_000, '16'],
    [80_100, '8.1'],
    [70_102, '7.1.2'],
    [0, null],
    [null, null],
  ])('of the system: %s is %s', (version, text) => {
    expect(formatOsVersion(version)).toBe(text);
  });

  it.each([
    [202_606, '2026-06'],
    [20_260_605, '2026-06-05'],
    [0, null],
    [null, null],
    [202_613, null],
    [20_260_600, null],
    [2_026, null],
    [202_806, null],
  ])('of patches: %s is %s', (level, text) => {
    expect(formatPatchLevel(level, NOW_MS)).toBe(text);
  });
});
