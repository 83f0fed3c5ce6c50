import { expect, test } from 'vitest';
import { ROLE_PASSWORDS } from '@/drizzle/testing/constants';
import { createTestDatabase } from '@/drizzle/testing/test-database';
import { openDatabase } from './open';
import { CONSOLE_ROLE, SERVICE_ROLE, setRolePasswords, urlForRole } from './roles';

test('several commands at once may set the passwords of the roles', async () => {
  const db = await createTestDatabase();
  try {
    const all = Array.from({ length: 8 }, () => setRolePasswords(db.ownerUrl, ROLE_PASSWORDS));
    await expect(Promise.all(all)).resolves.toHaveLength(8);
  } finally {
    await db.close();
  }
});

test('a role signs in with the password that was set, and with no other', async () => {
  const db = await createTestDatabase();
  const signIn = async (role: string, password: string) => {
    const own = openDatabase({
      url: urlForRole(db.ownerUrl, role, password),
      applicationName: 'test',
      max: 1,
    });
    const rows = await own.sql`select current_user as role`.finally(() => own.close());
    return rows[0]?.role as string;
  };
  try {
    await setRolePasswords(db.ownerUrl, ROLE_PASSWORDS);
    expect(await signIn(CONSOLE_ROLE, ROLE_PASSWORDS.console)).toBe(CONSOLE_ROLE);
    expect(await signIn(SERVICE_ROLE, ROLE_PASSWORDS.service)).toBe(SERVICE_ROLE);
    await expect(signIn(SERVICE_ROLE, ROLE_PASSWORDS.console)).rejects.toMatchObject({ code: '28P01' });
    const stored = await db.owner.sql`select rolpassword from pg_authid where rolname = ${CONSOLE_ROLE}`;
    expect(stored[0]?.rolpassword).toMatch(/^SCRAM-SHA-256\$4096:/);
  } finally {
    await db.close();
  }
});
