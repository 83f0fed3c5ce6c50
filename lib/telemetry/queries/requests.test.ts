import { describe, expect, test } from 'vitest';
import { partsOf } from './requests';

const at = (text: string) => Date.parse(`2026-05-0${text}Z`);
const NOW = at('4T12:30:00');

function parts(from: string, to: string, rollup: 'minute' | 'hour' = 'minute'): string[] {
  const said = (ms: number) => new Date(ms).toISOString().slice(9, 16);
  return partsOf({ fromMs: at(from), toMs: at(to), nowMs: NOW, rollup }).map(
    ({ table, fromMs, toMs }) => `${table.slice('request_rollup_'.length)} ${said(fromMs)} to ${said(toMs)}`,
  );
}

describe('what is added up of decisions', () => {
  test('is whole hours within a window by the minute, and minutes at both ends', () => {
    expect(parts('3T12:30:00', '4T12:30:00')).toEqual([
      'minutes 3T12:30 to 3T13:00',
      'hours 3T13:00 to 4T12:00',
      'minutes 4T12:00 to 4T12:30',
    ]);
    expect(parts('4T10:00:00', '4T12:00:00')).toEqual(['hours 4T10:00 to 4T12:00']);
  });

  test('is minutes where no whole hour lies within', () => {
    expect(parts('4T11:31:00', '4T12:30:00')).toEqual(['minutes 4T11:31 to 4T12:30']);
  });

  test('is minutes of days of which hours may be gone', () => {
    expect(parts('2T20:00:00', '3T02:00:00')).toEqual([
      'minutes 2T20:00 to 3T00:00',
      'hours 3T00:00 to 3T02:00',
    ]);
    expect(parts('1T20:00:00', '2T02:00:00')).toEqual(['minutes 1T20:00 to 2T02:00']);
  });

  test('is hours of a long window', () => {
    expect(parts('1T00:00:00', '4T12:30:00', 'hour')).toEqual(['hours 1T00:00 to 4T12:30']);
  });
});
