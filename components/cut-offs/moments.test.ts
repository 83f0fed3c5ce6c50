import { describe, expect, it } from 'vitest';
import { MOMENTS, momentAt } from './moments';

const NOW_MS = Date.parse('2026-03-01T12:00:00Z');

describe('the moment of a cut-off', () => {
  it('is left to the server where it is now, so that the way there lets no token slip through', () => {
    expect(momentAt('now', NOW_MS)).toBeNull();
  });

  it('is counted back from the choice of it', () => {
    expect(momentAt('5m', NOW_MS)).toBe('2026-03-01T11:55:00.000Z');
  });

  it('is never older than any token may be', () => {
    expect(Math.max(...MOMENTS.map(({ agoSeconds }) => agoSeconds ?? 0))).toBeLessThan(3_600);
  });
});
