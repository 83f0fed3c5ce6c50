import { describe, expect, test } from 'vitest';
import { isToldByEvents, rejectionParts } from './rejected-devices';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const span = (from: number, to: number) => ({ fromMs: from * MINUTE, toMs: to * MINUTE });

describe('what tells the rejections of a window', () => {
  test('is the events where nothing is noted, or nothing of the window', () => {
    expect(rejectionParts(span(0, 90), null)).toBeNull();
    expect(rejectionParts(span(0, 90), span(90, 200))).toBeNull();
    expect(rejectionParts(span(100, 190), span(10, 100))).toBeNull();
    expect(rejectionParts({ fromMs: 1, toMs: 2 * MINUTE - 1 }, span(0, 100))).toBeNull();
  });

  test('is whole minutes, whole hours of them, and the events for the rest', () => {
    expect(rejectionParts(span(50, 250), span(0, 1_000))).toEqual({
      ...{ noted: span(50, 250), hours: span(60, 240), events: [] },
    });
    expect(rejectionParts(span(50, 250), span(0, 200))).toEqual({
      ...{ noted: span(50, 200), hours: span(60, 180), events: [span(200, 250)] },
    });
    expect(rejectionParts(span(50, 250), span(70, 130))).toEqual({
      ...{ noted: span(70, 130), hours: null, events: [span(50, 70), span(130, 250)] },
    });
    expect(rejectionParts({ fromMs: HOUR + 1, toMs: 2 * HOUR - 1 }, span(0, 1_000))).toEqual({
      noted: span(61, 119),
      hours: null,
      events: [
        { fromMs: HOUR + 1, toMs: HOUR + MINUTE },
        { fromMs: 2 * HOUR - MINUTE, toMs: 2 * HOUR - 1 },
      ],
    });
  });

  test('is the events alone where they have to tell more than an hour', () => {
    const isTold = (from: number, to: number) => {
      const parts = rejectionParts(span(from, to), span(100, 1_000));
      return parts && isToldByEvents(parts);
    };
    expect([isTold(100, 1_000), isTold(70, 1_030), isTold(70, 1_031), isTold(39, 1_000)]).toEqual([
      ...[false, false, true, true],
    ]);
  });
});
