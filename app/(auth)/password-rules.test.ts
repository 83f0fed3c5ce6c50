import { expect, test } from 'vitest';
import { PASSWORD_RULES } from '@/components/auth/password-rules';
import { requireStrongPassword } from '@/lib/auth';

const OWNER = { name: 'Ada Stone', email: 'ada.stone@example.com' };

function isTaken(password: string): boolean {
  try {
    requireStrongPassword(password, OWNER);
    return true;
  } catch {
    return false;
  }
}

test.each([
  'correct horse battery',
  'short',
  '',
  'aaaaaaaaaaaaaaaa',
  'ada.stone-1234',
  'Stone stone stone ada',
  'ada stone rides a horse',
  'ＡＡＡＡＡＡＡＡＡＡＡＡ',
  '🐎🔋📎🧷🪢🧵🐎🔋📎🧷🪢🧵',
])('the page and the server agree on whether %j will do', (password) => {
  expect(PASSWORD_RULES.every((rule) => rule.keeps(password, OWNER))).toBe(isTaken(password));
});
