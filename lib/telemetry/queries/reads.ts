import type { VerbContext } from '@/lib/auth';
import { cancellable, type Executor } from '@/lib/db';

type ReadContext = Pick<VerbContext, 'db' | 'replica'>;

/** Where telemetry is read: on the replica as long as it keeps up, else on the primary. */
export function readsOf({ db, replica }: ReadContext): Executor {
  return (replica?.db ?? db).orm;
}

/** The same for what ends with `signal`: its running statement is cancelled in the server. */
export function readsUntil(signal: AbortSignal, { db, replica }: ReadContext): Executor {
  return cancellable(replica?.db ?? db, signal);
}
