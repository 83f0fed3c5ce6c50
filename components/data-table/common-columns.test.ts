import { expect, it } from 'vitest';
import { countryColumn, monoColumn, platformColumn, verdictColumn } from './common-columns';

it('gives CSV what the cells show, without marks and dashes', () => {
  const row = { verdict: 'rejected', platform: 'ios', version: '26.1', country: null } as const;
  expect(verdictColumn<typeof row>('').value(row)).toBe('rejected');
  expect(platformColumn<typeof row>(({ version }) => version, '').value(row)).toBe('iOS 26.1');
  expect(platformColumn<typeof row>(() => '', '').value(row)).toBe('iOS');
  expect(countryColumn<typeof row>().value(row)).toBeNull();
  expect(monoColumn<typeof row>('version', 'Version', ({ version }) => version, '').value(row)).toBe('26.1');
});
