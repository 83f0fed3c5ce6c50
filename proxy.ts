import { randomBytes } from 'node:crypto';
import { type NextRequest, NextResponse } from 'next/server';
import { contentSecurityPolicy } from '@/app/content-security-policy';
import { REQUESTED_PATH_HEADER } from '@/app/requested-path';
import { isDevelopmentServer } from '@/lib/core';

/**
 * Gives each page a Content Security Policy with a nonce of its own, which Next puts on its scripts and a layout can
 * read from `x-nonce`, and tells pages their own address, which they cannot know otherwise. Who may see what is decided next to the data, not here.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = randomBytes(16).toString('base64');
  const policy = contentSecurityPolicy(nonce, isDevelopmentServer());
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  headers.set('content-security-policy', policy);
  headers.set(REQUESTED_PATH_HEADER, `${request.nextUrl.pathname}${request.nextUrl.search}`);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  return response;
}

export const config = { matcher: ['/((?!api/|_next/static/|_next/image/|favicon.svg).*)'] };
