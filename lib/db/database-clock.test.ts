import { describe, expect, test } from 'vitest';
import { DatabaseClock } from './database-clock';

/** A clock over hands that the test moves. */
function clockwork() {
  const hands = { monotonic: 5_000, wall: 1_000_000 };
  return {
    hands,
    clock: new DatabaseClock(
      () => hands.monotonic,
      () => hands.wall,
    ),
  };
}

describe("the database's clock", () => {
  test('is followed, and a jump of the wall clock moves nothing but the skew', () => {
    const { hands, clock } = clockwork();
    clock.observe(2_000_000, 5_000);
    expect(clock.nowMs()).toBe(2_000_000);
    hands.monotonic += 250;
    hands.wall += 250 + 7_200_000;
    expect(clock.nowMs()).toBe(2_000_250);
    expect(clock.skewMs()).toBe(1_000_250 + 7_200_000 - 2_000_250);
  });

  test('is never estimated outside of what a reading allows', () => {
    const { hands, clock } = clockwork();
    clock.observe(2_000_000, 5_000);
    hands.monotonic += 1_000;
    clock.observe(2_000_500, 5_900);
    expect(clock.nowMs()).toBe(2_000_600);
    clock.observe(2_000_900, 6_000);
    expect(clock.nowMs()).toBe(2_000_900);
  });

  test('keeps its estimate where a slow reading does not contradict it', () => {
    const { hands, clock } = clockwork();
    clock.observe(2_000_000, 5_000);
    hands.monotonic += 3_000;
    clock.observe(2_000_100, 5_000);
    expect(clock.nowMs()).toBe(2_003_000);
  });
});
