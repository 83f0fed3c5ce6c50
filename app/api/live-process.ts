import { openDatabase } from '@/lib/db';
import { type Live, startLive } from '@/lib/live';
import { consoleProcess } from './context';

const holder = globalThis as typeof globalThis & { countersignLive?: Live };

/** The process's one live feed, made when the first stream is opened. */
export function liveProcess(): Live {
  holder.countersignLive ??= makeLive();
  return holder.countersignLive;
}

function makeLive(): Live {
  const { db, logger, databaseUrl, replica, time } = consoleProcess();
  const live = startLive({
    db,
    clock: time.clock,
    logger,
    ...(replica ? { replicaLagMs: async () => (await replica.standing()).lagMs } : {}),
    openListenerDatabase: () =>
      openDatabase({
        url: databaseUrl,
        applicationName: 'countersign-console-live',
        max: 1,
      }),
  });
  // Open streams would otherwise keep the server from stopping.
  process.once('SIGTERM', () => void live.close());
  process.once('SIGINT', () => void live.close());
  return live;
}
