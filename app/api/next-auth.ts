import { NextRequest } from 'next/server';
import NextAuth, { type AuthOptions } from 'next-auth';
import CredentialsProvider from 'next-auth/providers/credentials';
import { revokeOwnSession, SESSION_SECONDS, signIn } from '@/lib/auth';
import { signInRequestSchema } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { networkOf } from './client-network';
import { consoleProcess, contextFor } from './context';
import { problemResponse } from './problem';
import { readJsonBody, requireSameOrigin } from './request-input';
import { actorOfRequest, isSecureOrigin, sessionCookieName } from './session-cookie';

/** All that is used of next-auth. Its pages, its session endpoint and its log are not reachable. */
const ACTIONS = new Set(['GET csrf', 'POST callback/credentials', 'POST signout']);

/** What happened inside next-auth, which would otherwise turn every error into a redirect. */
interface Outcome {
  failure?: unknown;
}

/**
 * Serves next-auth's credentials flow: `GET csrf`, `POST callback/credentials` and `POST signout`, with JSON bodies.
 * Refusals are problem details; a success sets or clears the session cookie.
 */
export async function serveNextAuth(
  request: Request,
  context: { params: Promise<{ nextauth: string[] }> },
): Promise<Response> {
  const { logger, env } = consoleProcess();
  try {
    const { nextauth } = await context.params;
    const action = `${request.method} ${nextauth.join('/')}`;
    if (!ACTIONS.has(action)) throw new AppError('route_not_found');
    if (request.method === 'GET')
      return await NextAuth(new NextRequest(request), context, optionsFor(request, {}));
    requireSameOrigin(request, env.consoleUrl);
    const outcome: Outcome = {};
    const forwarded = await withJsonReply(request);
    const response: Response = await NextAuth(forwarded, context, optionsFor(request, outcome));
    if (outcome.failure !== undefined) throw outcome.failure;
    // Where its double-submit token is missing or wrong, next-auth sends one to a page of its own.
    if (response.status >= 300 || (await isCsrfRefusal(response))) throw new AppError('origin_untrusted');
    return response;
  } catch (error) {
    return problemResponse(error, logger);
  }
}

function optionsFor(request: Request, outcome: Outcome): AuthOptions {
  const { env, sessionSecret } = consoleProcess();
  const secure = isSecureOrigin(env.consoleUrl);
  const cookie = (name: string) => ({
    name: secure ? `__Host-countersign-${name}` : `countersign-${name}`,
    options: { httpOnly: true, sameSite: 'lax' as const, path: '/', secure },
  });
  return {
    secret: sessionSecret,
    useSecureCookies: secure,
    session: { strategy: 'jwt', maxAge: SESSION_SECONDS },
    cookies: {
      sessionToken: { ...cookie('session'), name: sessionCookieName(env.consoleUrl) },
      csrfToken: cookie('csrf'),
      callbackUrl: cookie('callback'),
    },
    providers: [
      CredentialsProvider({
        credentials: { email: {}, password: {} },
        authorize: (credentials) =>
          capture(outcome, () => openSession(request, credentials), new AppError('credentials_invalid')),
      }),
    ],
    callbacks: {
      // Whoever reads the cookie learns no more than the id of a row; who that is, is read from the row each time.
      jwt: ({ token, user }) => (user ? { sid: user.id } : { sid: token.sid }),
      // Where to go next is decided by the page that asked.
      redirect: () => env.consoleUrl,
    },
    events: {
      signOut: async () => {
        await capture(outcome, () => endSession(request));
      },
    },
    logger: { error: () => undefined, warn: () => undefined, debug: () => undefined },
  };
}

/** Runs something inside next-auth, keeping its error for us; no result counts as `otherwise`. */
async function capture<Result>(
  outcome: Outcome,
  run: () => Promise<Result>,
  otherwise?: AppError,
): Promise<Result | null> {
  try {
    const result = await run();
    if (otherwise && !result) outcome.failure = otherwise;
    return result;
  } catch (error) {
    outcome.failure = error;
    return null;
  }
}

async function openSession(request: Request, credentials: unknown): Promise<{ id: string } | null> {
  const input = signInRequestSchema.safeParse(credentials);
  if (!input.success) return null;
  const { db, env, time } = consoleProcess();
  const session = await signIn({ db, clock: time.clock }, input.data, {
    network: networkOf(request.headers.get('x-forwarded-for'), env.trustedProxies),
    userAgent: request.headers.get('user-agent') ?? '',
  });
  return { id: session.sessionId };
}

/** Revokes the session's row, so that a copy of the cookie is worth nothing. */
async function endSession(request: Request): Promise<void> {
  const actor = await actorOfRequest(request);
  if (actor) await revokeOwnSession(await contextFor(actor), { id: actor.sessionId });
}

/** The same request with its body read within bounds, and asking next-auth to answer in JSON. */
async function withJsonReply(request: Request): Promise<NextRequest> {
  const body = await readJsonBody(request);
  return new NextRequest(request.url, {
    method: 'POST',
    headers: request.headers,
    body: JSON.stringify({ ...body, json: 'true' }),
  });
}

async function isCsrfRefusal(response: Response): Promise<boolean> {
  const text = await response.clone().text();
  return text.includes('csrf=true');
}
