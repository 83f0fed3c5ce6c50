import { decode } from 'next-auth/jwt';
import { z } from 'zod';
import { loadSession, type StaffActor } from '@/lib/auth';
import { consoleProcess } from './context';

/** The only thing that a session cookie says: which row of `sessions` it stands for. */
const cookieClaimsSchema = z.object({ sid: z.uuid() });

/** Whether browsers reach the console by TLS, so that cookies can be bound to it and to the host. */
export function isSecureOrigin(consoleUrl: string): boolean {
  return consoleUrl.startsWith('https://');
}

/** Name of the session cookie. Browsers take `__Host-` only with Secure, without Domain and for the whole host. */
export function sessionCookieName(consoleUrl: string): string {
  return isSecureOrigin(consoleUrl) ? '__Host-countersign-session' : 'countersign-session';
}

/** The signed-in person behind the value of a session cookie; `undefined` for any that is not good now. */
export async function actorOfCookie(value: string | undefined): Promise<StaffActor | undefined> {
  if (value === undefined || value === '') return undefined;
  const { db, sessionSecret, time } = consoleProcess();
  const claims = await decode({ token: value, secret: sessionSecret }).catch(() => null);
  const parsed = cookieClaimsSchema.safeParse(claims);
  return parsed.success ? loadSession({ db, clock: time.clock }, parsed.data.sid) : undefined;
}

/** The signed-in person of a request. */
export function actorOfRequest(request: Request): Promise<StaffActor | undefined> {
  const name = sessionCookieName(consoleProcess().env.consoleUrl);
  return actorOfCookie(readCookie(request.headers.get('cookie') ?? '', name));
}

function readCookie(header: string, name: string): string | undefined {
  for (const part of header.split(';')) {
    const [key, ...value] = part.trim().split('=');
    if (key === name) return value.join('=');
  }
  return undefined;
}
