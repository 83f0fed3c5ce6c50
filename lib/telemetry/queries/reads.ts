import type { VerbContext } from '@/lib/auth';
import type { Executor } from '@/lib/db';

/** Where telemetry is read: on the replica as long as it keeps up, else on the primary. */
export function readsOf({ db, replica }: Pick<VerbContext, 'db' | 'replica'>): Executor {
  return (replica?.db ?? db).orm;
}
