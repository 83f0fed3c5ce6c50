import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { STEP_UP_ACTS } from './step-up';

test('docs/operate.md lists every act that asks for the password again, and no other', () => {
  const text = readFileSync(fileURLToPath(new URL('../../docs/operate.md', import.meta.url)), 'utf8');
  const [, section = ''] = text.split('### Acts that ask for the password again');
  const [table = ''] = section.split('\n## ');
  const listed = [...table.matchAll(/^\|.+\| ([A-Z][^|]+?) +\|$/gm)].map((match) => match[1]);
  expect(listed.toSorted()).toEqual(Object.values(STEP_UP_ACTS).toSorted());
});
