import { describe, expect, test } from 'vitest';
import { segmentsOf, type TierSpans } from './segments';

const at = (text: string) => Date.parse(`2026-03-${text}Z`);
const inWords = (segments: ReturnType<typeof segmentsOf>) =>
  segments.map(
    ({ source, fromMs, toMs }) =>
      `${source} ${new Date(fromMs).toISOString().slice(8, 16)} ${new Date(toMs).toISOString().slice(8, 16)}`,
  );
const span = (from: string, to: string) => ({ fromMs: at(from), toMs: at(to) });
const TIERS: TierSpans = {
  days: span('01T00:00', '20T00:00'),
  hours: span('01T00:00', '20T12:00'),
  fiveMinutes: span('13T00:00', '20T12:30'),
  minutes: span('13T00:00', '20T12:33'),
};

describe('a window', () => {
  test('of weeks is made of days, of hours at both ends, and of minutes where the present is', () => {
    expect(inWords(segmentsOf(span('05T18:00', '20T12:34'), TIERS, 'hour'))).toEqual([
      'hours 05T18:00 06T00:00',
      'days 06T00:00 20T00:00',
      'hours 20T00:00 20T12:00',
      'fiveMinutes 20T12:00 20T12:30',
      'minutes 20T12:30 20T12:33',
      'rollupMinutes 20T12:33 20T12:34',
    ]);
  });

  test('of a day is made of hours, five minutes and minutes', () => {
    expect(inWords(segmentsOf(span('19T12:43', '20T12:34'), TIERS, 'minute'))).toEqual([
      'minutes 19T12:43 19T12:45',
      'fiveMinutes 19T12:45 19T13:00',
      'hours 19T13:00 20T12:00',
      'fiveMinutes 20T12:00 20T12:30',
      'minutes 20T12:30 20T12:33',
      'rollupMinutes 20T12:33 20T12:34',
    ]);
  });

  test('has hours of a day that end with the day', () => {
    const tiers: TierSpans = {
      days: span('01T00:00', '20T00:00'),
      dayHours: span('01T00:00', '20T00:00'),
      todayHours: span('20T00:00', '20T12:00'),
    };
    expect(inWords(segmentsOf(span('17T18:00', '20T12:34'), tiers, 'hour'))).toEqual([
      'dayHours 17T18:00 18T00:00',
      'days 18T00:00 20T00:00',
      'todayHours 20T00:00 20T12:00',
      'rollupHours 20T12:00 20T12:34',
    ]);
    expect(inWords(segmentsOf(span('18T20:00', '19T05:00'), tiers, 'hour'))).toEqual([
      'dayHours 18T20:00 19T00:00',
      'dayHours 19T00:00 19T05:00',
    ]);
  });

  test('is answered by rollups where nothing is summed', () => {
    expect(inWords(segmentsOf(span('05T18:00', '20T12:34'), {}, 'hour'))).toEqual([
      'rollupHours 05T18:00 20T12:34',
    ]);
    expect(inWords(segmentsOf(span('20T10:58', '20T12:03'), {}, 'minute'))).toEqual([
      'rollupMinutes 20T10:58 20T11:00',
      'rollupHours 20T11:00 20T12:00',
      'rollupMinutes 20T12:00 20T12:03',
    ]);
  });

  test('is covered once, whatever it is', () => {
    for (let length = 1; length < 3_000; length += 37) {
      const window = { fromMs: at('18T11:07'), toMs: at('18T11:07') + length * 60_000 };
      const segments = segmentsOf(window, TIERS, 'minute');
      expect(segments[0]?.fromMs).toBe(window.fromMs);
      expect(segments.at(-1)?.toMs).toBe(window.toMs);
      for (const [index, segment] of segments.entries())
        expect(segment.fromMs).toBe(segments[index - 1]?.toMs ?? window.fromMs);
    }
  });
});
