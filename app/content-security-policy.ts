/**
 * The policy of one page: scripts run only with this nonce, or loaded by one that did; nothing is loaded from or sent to
 * elsewhere; nobody may frame it. Style attributes stay allowed, for positions that are computed.
 */
export function contentSecurityPolicy(nonce: string, development: boolean): string {
  // React rebuilds server stacks with `eval` in development, and only there.
  const evaluate = development ? " 'unsafe-eval'" : '';
  const directives = {
    'default-src': "'self'",
    'script-src': `'self' 'nonce-${nonce}' 'strict-dynamic'${evaluate}`,
    'script-src-attr': "'none'",
    'style-src': "'self' 'unsafe-inline'",
    'img-src': "'self' data:",
    'font-src': "'self'",
    'connect-src': "'self'",
    'object-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'self'",
    'frame-ancestors': "'none'",
  };
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ');
}
