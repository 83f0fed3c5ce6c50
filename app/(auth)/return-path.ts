const BASE = 'http://console.invalid';

/**
 * Where to go after signing in: the path that was asked for if it is one of this console, else the start. Nothing that
 * a browser could read as another origin passes.
 */
export function returnPath(asked: string | null | undefined): string {
  if (asked === null || asked === undefined || !/^\/(?![/\\])/.test(asked)) return '/';
  if (!URL.canParse(asked, BASE)) return '/';
  const url = new URL(asked, BASE);
  const inside = url.origin === BASE && !url.pathname.startsWith('//') && !url.pathname.startsWith('/api/');
  return inside ? `${url.pathname}${url.search}${url.hash}` : '/';
}
