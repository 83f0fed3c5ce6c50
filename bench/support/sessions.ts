import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { encode } from 'next-auth/jwt';
import { withDatabase } from '@/e2e/support/inside';
import { type Product, ROLES } from '@/e2e/support/product';

const SESSION_SECONDS = 3_600;
const COOKIE = 'countersign-session';

/**
 * Cookie headers of `count` sessions, each its own: one of each role by signing in, the others as signing in leaves them
 * (a row, and a cookie under the console's secret), because checking thousands of passwords would take half an hour.
 */
export async function openSessions(product: Product, count: number): Promise<string[]> {
  const signedIn = await Promise.all(ROLES.map((role) => signIn(product, role)));
  const secret = (await readFile(path.join(product.dataDirectory, 'session-secret'), 'utf8')).trim();
  const rows = await withDatabase(
    product,
    (sql) => sql<{ id: string }[]>`
      insert into sessions (id, staff_id, created_at, last_seen_at, expires_at, user_agent)
      select gen_random_uuid(), id, now(), now(), now() + ${SESSION_SECONDS} * interval '1 second', 'bench'
      from (select id, row_number() over () as place, count(*) over () as members from staff) as staff
      join generate_series(0, ${count - signedIn.length - 1}::int) as n on n % members + 1 = place
      returning id`,
  );
  const made = rows.map(async ({ id }) => {
    const token = await encode({ token: { sid: id }, secret, maxAge: SESSION_SECONDS });
    return `${COOKIE}=${token}`;
  });
  return [...signedIn, ...(await Promise.all(made))];
}

async function signIn({ consoleUrl, staff }: Product, role: (typeof ROLES)[number]): Promise<string> {
  const { email, password } = staff[role];
  const csrf = await fetch(`${consoleUrl}/api/auth/csrf`);
  const { csrfToken } = (await csrf.json()) as { csrfToken: string };
  const answer = await fetch(`${consoleUrl}/api/auth/callback/credentials`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: consoleUrl, cookie: cookiesOf(csrf) },
    body: JSON.stringify({ email, password, csrfToken }),
  });
  const session = cookiesOf(answer)
    .split('; ')
    .find((cookie) => cookie.startsWith(`${COOKIE}=`));
  if (!answer.ok || session === undefined) throw new Error(`Signing in answered ${answer.status}.`);
  return session;
}

function cookiesOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}
