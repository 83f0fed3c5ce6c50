import type postgres from 'postgres';
import { replacing } from './replacing';

/*
 * What the driver does not do when a connection ends under a transaction: it sends the rollback, and whatever the
 * transaction asks next, on a connection that has no socket, which ends the process (porsager/postgres, issues 1154 and 1208), or
 * that is somebody else's by then.
 */

type Work = (tx: postgres.TransactionSql) => unknown;

/** Whether a statement failed because its connection ended; also where the query builder has wrapped the driver's error. */
export function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, errno } = error as NodeJS.ErrnoException;
  // The driver says of its own errors which statement they befell.
  const isDrivers = Object.hasOwn(error, 'parameters') && !Object.hasOwn(error, 'severity');
  if (isDrivers && (errno !== undefined || code?.startsWith('CONNECTION_') === true)) return true;
  return isConnectionLost(error.cause);
}

/**
 * The driver with transactions that end with their connection: they reject with what ended it, roll back nothing, and refuse
 * every further statement, as they do after their end.
 */
export function endingWithConnection(sql: postgres.Sql): postgres.Sql {
  const begin = sql.begin.bind(sql) as (...given: unknown[]) => Promise<unknown>;
  return replacing(sql, {
    begin: async (...given: unknown[]) => {
      const transaction = new Transaction();
      const work = transaction.around(given.at(-1) as Work);
      try {
        return await Promise.race([begin(...given.slice(0, -1), work), transaction.lost]);
      } finally {
        transaction.isOver = true;
      }
    },
  });
}

/** A statement was asked of a transaction that has ended. */
export class TransactionOverError extends Error {
  constructor() {
    super('The transaction has ended.');
    this.name = 'TransactionOverError';
  }
}

class Transaction {
  isOver = false;
  /** Rejects when the connection is lost; never resolves. */
  readonly lost: Promise<never>;
  #lose: (error: unknown) => void = () => undefined;

  constructor() {
    this.lost = new Promise((_resolve, reject) => {
      this.#lose = reject;
    });
    this.lost.catch(() => undefined);
  }

  /** Work that never settles once the transaction is over: the driver would send a rollback or a commit upon it. */
  around(work: Work): Work {
    return async (tx) => {
      try {
        const made = work(this.#guarded(tx));
        const result = await (Array.isArray(made) ? Promise.all(made) : made);
        if (!this.isOver) return result;
      } catch (error) {
        if (!this.isOver && !isConnectionLost(error)) throw error;
        this.isOver = true;
        this.#lose(error);
      }
      return new Promise(() => undefined);
    };
  }

  #guarded(tx: postgres.TransactionSql): postgres.TransactionSql {
    const unlessOver =
      (call: (...given: never[]) => unknown) =>
      (...given: never[]) => {
        if (this.isOver) throw new TransactionOverError();
        return call(...given);
      };
    const savepoint = (...given: unknown[]) =>
      (tx.savepoint as (...given: unknown[]) => unknown)(
        ...given.slice(0, -1),
        this.around(given.at(-1) as Work),
      );
    const asked = new Proxy(tx, {
      apply: (target, self, given) => unlessOver(target.bind(self) as never)(...(given as never[])),
    });
    return replacing(asked, { unsafe: unlessOver(tx.unsafe), savepoint: unlessOver(savepoint) });
  }
}
