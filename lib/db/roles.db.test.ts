import { expect, test } from 'vitest';
import { ROLE_PASSWORDS } from '@/drizzle/testing/constants';
import { createTestDatabase } from '@/drizzle/testing/test-database';
import { setRolePasswords } from './roles';

test('several commands at once may set the passwords of the roles', async () => {
  const db = await createTestDatabase();
  try {
    const all = Array.from({ length: 8 }, () => setRolePasswords(db.ownerUrl, ROLE_PASSWORDS));
    await expect(Promise.all(all)).resolves.toHaveLength(8);
  } finally {
    await db.close();
  }
});
