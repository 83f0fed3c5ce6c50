/** Header by which `proxy.ts` tells a page its own path and query; what a client sends under this name is overwritten. */
export const REQUESTED_PATH_HEADER = 'x-requested-path';

/** The sign-in page that leads back to a path; without one, to the start. */
export function signInPath(requestedPath: string | null): string {
  if (requestedPath === null || requestedPath === '/') return '/sign-in';
  return `/sign-in?callbackUrl=${encodeURIComponent(requestedPath)}`;
}
