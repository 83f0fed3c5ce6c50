import type postgres from 'postgres';
import type { Tx } from './open';

/**
 * The driver's own handle of a transaction of the query builder, for what the builder cannot say: COPY. The builder keeps it
 * to itself as far as types go, hence the cast. @throws TypeError where a new version of the builder keeps it elsewhere
 */
export function driverOf(tx: Tx): postgres.TransactionSql {
  const { client } = (tx as unknown as { session: { client?: postgres.TransactionSql } }).session;
  if (typeof client !== 'function') throw new TypeError('The transaction has no driver that is known.');
  return client;
}
