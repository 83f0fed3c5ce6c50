import { openDriver } from './driver';
import { scramVerifier } from './scram-verifier';

export const CONSOLE_ROLE = 'countersign_console';
export const SERVICE_ROLE = 'countersign_service';

/** Serialises those who set the passwords: Postgres refuses to alter one role twice at the same time. */
const ROLES_LOCK = 7_310_498;

/**
 * Gives both roles their passwords; the roles themselves are made by the migrations. Several may do so at once. The server
 * gets verifiers only: what it logs of the statements opens nothing.
 */
export async function setRolePasswords(
  ownerUrl: string,
  passwords: { console: string; service: string },
): Promise<void> {
  const sql = openDriver(ownerUrl, { max: 1, onnotice: () => undefined, connect_timeout: 10 });
  try {
    await sql`select pg_advisory_lock(${ROLES_LOCK})`;
    for (const [role, password] of [
      [CONSOLE_ROLE, passwords.console],
      [SERVICE_ROLE, passwords.service],
    ] as const) {
      // ALTER ROLE takes no parameters: the server quotes the literal for us.
      const [statement] = await sql<{ text: string }[]>`
        select format('alter role %I login password %L', ${role}::text, ${scramVerifier(password)}::text) as text`;
      if (statement) await sql.unsafe(statement.text);
    }
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** The same database under another role. */
export function urlForRole(ownerUrl: string, role: string, password: string): string {
  const url = new URL(ownerUrl);
  url.username = role;
  url.password = password;
  return url.href;
}
