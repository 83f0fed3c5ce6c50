import type postgres from 'postgres';
import { replacing } from './replacing';

/** Statements that one pool keeps prepared, and how long they may be: what is made up from a filter never comes again. */
const MOST_STATEMENTS = 300;
const MOST_CHARACTERS = 4_000;

/**
 * The driver as the query builder is given it: what a transaction asks again is prepared. The builder itself prepares
 * nothing, so that each statement costs two exchanges with the server, one of them to be described, and is planned anew;
 * and whoever blocks something waits for a dozen of them, one after the other. Outside of transactions all is as it was:
 * there questions are asked about telemetry, which are planned best with their values.
 */
export function preparingTransactions(sql: postgres.Sql): postgres.Sql {
  const known = new Set<string>();
  return replacing(sql, {
    begin: (...given: unknown[]) => run(sql.begin, given, known),
  });
}

/** A connection in a transaction, which may begin further ones within it. */
function preparing(tx: postgres.TransactionSql, known: Set<string>): postgres.TransactionSql {
  return replacing(tx, {
    savepoint: (...given: unknown[]) => run(tx.savepoint, given, known),
    unsafe: (text: string, values: never[] = [], options: postgres.UnsafeQueryOptions = {}) =>
      tx.unsafe(text, values, { ...options, prepare: values.length > 0 && isKept(text, known) }),
  });
}

type Begin = (...given: unknown[]) => Promise<unknown>;

/** Begins something whose last argument is given the connection. */
function run(begin: unknown, given: readonly unknown[], known: Set<string>): Promise<unknown> {
  const work = given.at(-1) as (tx: postgres.TransactionSql) => unknown;
  return (begin as Begin)(...given.slice(0, -1), (tx: postgres.TransactionSql) => work(preparing(tx, known)));
}

function isKept(text: string, known: Set<string>): boolean {
  if (known.has(text)) return true;
  if (text.length > MOST_CHARACTERS || known.size >= MOST_STATEMENTS) return false;
  known.add(text);
  return true;
}
