import { describe, expect, test } from 'vitest';
import { hexColumn, plainColumn, textColumn } from './columns';

describe('a column', () => {
  const literal = (values: (string | null)[]) => textColumn(values, (value) => value);

  test.each([
    [['plain', 'with space', null], '{plain,"with space",NULL}'],
    [['', 'null', 'NULL'], '{"","null","NULL"}'],
    [['a,b', '{x}', '"q"', 'b\\s'], '{"a,b","{x}","\\"q\\"","b\\\\s"}'],
    [['line\nbreak', '\u00a0', 'ü😀'], '{"line\nbreak","\u00a0",ü😀}'],
    [[], '{}'],
  ])('of %j is a literal that Postgres reads as it is', (values, expected) => {
    expect(literal(values)).toBe(expected);
  });

  test('of numbers and of bytes needs no quotes', () => {
    expect(plainColumn([1, null, -2.5], (value) => value)).toBe('{1,NULL,-2.5}');
    expect(hexColumn([Buffer.from('ab', 'hex'), null], (value) => value)).toBe('{ab,NULL}');
  });
});
