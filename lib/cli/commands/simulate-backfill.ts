import { type Env, systemClock } from '@/lib/core';
import { openDatabase } from '@/lib/db';
import { loadDataSet } from '@/lib/enrichment';
import { loadSnapshotSource } from '@/lib/service';
import { CliError, type Installation } from '../command';
import { type CommandDatabase, withDatabase } from '../database-access';
import { DEMO_APPS } from '../demo-apps';
import { prepareDemo } from '../prepare-demo';
import { loadFleet } from '../simulate';
import { type BackfillProgress, runBackfill } from '../simulate/backfill';
import type { BackfillArguments } from '../simulate/backfill/plan';
import { listenForStop, type RoleUrls } from '../supervisor';

const REPORT_MS = 5_000;
/** Of a Postgres that runs for the backfill alone: room for what is written, so that it seldom has to clean up behind itself. */
const BULK_SETTINGS = ['max_wal_size=8GB', 'checkpoint_timeout=30min'];

/** Fills the database with a history of the simulated fleet. Gives the exit status. */
export async function backfill(
  env: Env,
  installation: Installation,
  asked: { arguments: BackfillArguments; isAgreed: boolean },
): Promise<number> {
  const dataSet = await loadDataSet().catch(() => undefined);
  if (dataSet === undefined) console.log('  The address data sets are missing: countries will be unknown.');
  const fill = async ({ urls, layout }: CommandDatabase) => {
    if (!asked.isAgreed) await refuseForeignApps(urls);
    await prepareDemo({ urls, layout });
    const fleet = await loadFleet(layout.fleet);
    if (fleet === undefined) throw new CliError(`The fleet in ${layout.fleet} cannot be read.`);
    const stop = listenForStop(() => process.exit(1));
    const report = reporter(asked.arguments.events);
    const outcome = await runBackfill({
      arguments: asked.arguments,
      serviceUrl: urls.service,
      fleet,
      directory: layout.fleet,
      dataSet,
      nowMs: systemClock.nowMs(),
      stop: stop.signal,
      onProgress: report.onProgress,
    });
    stop.release();
    console.log(report.last(outcome));
    return 0;
  };
  return withDatabase(env, installation, fill, BULK_SETTINGS);
}

/** @throws CliError where the database holds apps that are not the demo’s */
export async function refuseForeignApps({ service }: RoleUrls): Promise<void> {
  const db = openDatabase({ url: service, applicationName: 'countersign-cli', max: 1 });
  try {
    const { apps } = await loadSnapshotSource(db);
    const foreign = apps.map(({ id }) => id).filter((id) => !DEMO_APPS.some((app) => app.id === id));
    if (foreign.length === 0) return;
    throw new CliError(
      `The database has apps that are not the demo's (${foreign.join(', ')}). With --yes the demo's history is written beside them.`,
    );
  } finally {
    await db.close();
  }
}

/** Lines about a run: how far it is, how fast, and for how long yet. */
function reporter(wanted: number) {
  const startedAt = performance.now();
  let reportedAt = startedAt;
  let before: number | undefined;
  const rateOf = (events: number) =>
    ((events - (before ?? events)) / Math.max(1, performance.now() - startedAt)) * 1000;
  return {
    onProgress: ({ events, batches, allBatches }: BackfillProgress) => {
      before ??= events;
      const now = performance.now();
      if (now - reportedAt < REPORT_MS) return;
      reportedAt = now;
      const rate = rateOf(events);
      const percent = ((batches / allBatches) * 100).toFixed(1);
      const left = rate > 0 ? ((wanted - events) / rate) * 1000 : Number.NaN;
      console.log(
        `  ${percent.padStart(5)} %  ${number(events)} events  ${number(rate)}/s  ${duration(left)} left`,
      );
    },
    last: ({ events, isComplete }: BackfillProgress & { isComplete: boolean }) => {
      const rate = rateOf(events);
      const pace = rate > 0 ? `, ${number(rate)}/s` : '';
      return isComplete
        ? `  The history is complete: ${number(events)} events${pace}.`
        : `  Stopped at ${number(events)} events${pace}. The same command goes on from here.`;
    },
  };
}

const number = (value: number) => Math.round(value).toLocaleString('en');

function duration(ms: number): string {
  if (!Number.isFinite(ms)) return 'some time';
  const seconds = Math.max(0, Math.round(ms / 1000));
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
