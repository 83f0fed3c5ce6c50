import type { IncomingMessage } from 'node:http';

/** A request header's value, several of one name joined as RFC 9110 §5.3 says; `null` where there is none. */
export function headerOf(incoming: IncomingMessage, name: string): string | null {
  const value = incoming.headers[name];
  if (value === undefined) return null;
  return typeof value === 'string' ? value : value.join(', ');
}
