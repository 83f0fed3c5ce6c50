import { expect, it } from 'vitest';
import { toCsv } from './csv';

it('quotes what would break a row', () => {
  expect(
    toCsv(
      ['a', 'b'],
      [
        ['x,y', 'say "hi"'],
        ['line\nbreak', null],
      ],
    ),
  ).toBe('a,b\r\n"x,y","say ""hi"""\r\n"line\nbreak",\r\n');
});

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])('takes the power from the formula %j', (text) => {
  expect(toCsv([], [[text]])).toContain(`'${text}`);
});

it('leaves numbers as they are, also negative ones', () => {
  expect(toCsv(['n'], [[-3], [true], [undefined]])).toBe('n\r\n-3\r\ntrue\r\n\r\n');
});
