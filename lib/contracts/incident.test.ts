import { describe, expect, it } from 'vitest';
import { incidentSchema } from './incident';

describe('the reference of an incident', () => {
  it.each(['INC-2041', '#17', 'SEC 2026/4', 'ops+fraud:12.3', 'Störung-7'])('is %s', (text) => {
    expect(incidentSchema.parse(` ${text} `)).toBe(text);
  });

  it.each([
    ['=HYPERLINK("x")', 'a formula'],
    ['-1', 'what a spreadsheet takes for one'],
    ['<b>INC</b>', 'markup'],
    ['INC\n1', 'two lines'],
    ['I', 'a single character'],
    ['I'.repeat(65), 'a text'],
    ['', 'nothing'],
  ])('is not %j: %s', (text) => {
    expect(incidentSchema.safeParse(text).success).toBe(false);
  });
});
