import { describe, expect, it } from 'vitest';
import { isInShare } from './index';

const ROLLOUT = '0199a000-0000-7000-8000-000000000001';
const DEVICES = Array.from(
  { length: 20_000 },
  (_, index) => `0b0a4a34-7c5e-8d1f-9b7e-${index.toString(16).padStart(12, '0')}`,
);
const of = (rollout: string, percent: number) => DEVICES.filter((id) => isInShare(rollout, id, percent));

describe('the share of a rollout', () => {
  it.each([
    [0, 0, 0],
    [1, 140, 260],
    [10, 1_850, 2_150],
    [50, 9_750, 10_250],
    [100, 20_000, 20_000],
  ])('of %s percent is about that many devices', (percent, least, most) => {
    const { length } = of(ROLLOUT, percent);
    expect(length).toBeGreaterThanOrEqual(least);
    expect(length).toBeLessThanOrEqual(most);
  });

  it('grows and loses nobody', () => {
    const ten = new Set(of(ROLLOUT, 10));
    expect(of(ROLLOUT, 1).every((id) => ten.has(id))).toBe(true);
  });

  it('is of other devices in another rollout', () => {
    const other = new Set(of('0199a000-0000-7000-8000-000000000002', 10));
    const shared = of(ROLLOUT, 10).filter((id) => other.has(id)).length;
    expect(shared).toBeLessThan(300);
  });
});
