import { expect, test } from 'vitest';
import { returnPath } from './return-path';

test.each([
  ['/attestations?range=1h#x', '/attestations?range=1h#x'],
  ['/', '/'],
  [null, '/'],
  ['', '/'],
  ['https://evil.test/', '/'],
  ['//evil.test', '/'],
  ['/\\evil.test', '/'],
  ['/\t/evil.test', '/'],
  ['/.//evil.test', '/'],
  ['javascript:alert(1)', '/'],
  ['/api/console/attestations/export', '/'],
])('leads from %j to %s, and never out of the console', (asked, path) => {
  expect(returnPath(asked)).toBe(path);
});
