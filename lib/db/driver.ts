import postgres from 'postgres';
import { endingWithConnection } from './lost-connection';

/**
 * Opens the driver on a `postgres://` URL. A `host` parameter that is a folder names the server's Unix socket, as libpq
 * spells it (PostgreSQL 18, 32.1.1.2); the driver itself would pass it on as a setting of the session.
 */
export function openDriver(url: string, options: postgres.Options<Record<string, never>>): postgres.Sql {
  const parsed = new URL(url);
  const folder = parsed.searchParams.get('host');
  if (!folder?.startsWith('/')) return endingWithConnection(postgres(url, options));
  parsed.searchParams.delete('host');
  const socket = `${folder}/.s.PGSQL.${parsed.port || '5432'}`;
  return endingWithConnection(postgres(parsed.href, { ...options, path: socket }));
}
