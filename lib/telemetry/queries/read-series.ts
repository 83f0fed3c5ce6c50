import { listAuditedChanges } from '@/lib/audit';
import type { VerbContext } from '@/lib/auth';
import type { TelemetryFilter, VerdictSeries } from '@/lib/contracts';
import type { Executor } from '@/lib/db';
import { MARKER_LABELS } from './marker-labels';
import { readsOf } from './reads';
import { countByBucket, firstEventMs } from './rollups';
import { rollupScope, type TelemetryScope } from './scope';
import { seriesPoints } from './series';
import { readSummed, type Summed } from './summed';
import type { TimeWindow } from './time-window';

const MOST_MARKERS = 200;

/** Verdicts over time under a filter, with the changes made in that time. @throws AppError `permission_denied` */
export async function readHistogram(ctx: VerbContext, filter: TelemetryFilter): Promise<VerdictSeries> {
  const db = readsOf(ctx);
  const [scope, summed] = await Promise.all([rollupScope(ctx, filter), readSummed(db)]);
  return readSeries(db, scope, summed, await firstEventMs(db, scope.apps));
}

/** The series of a scope that was permitted already; `firstMs` is when anything was first recorded of it. */
export async function readSeries(
  db: Executor,
  scope: TelemetryScope,
  summed: Summed,
  firstMs: number | null,
): Promise<VerdictSeries> {
  const { window, askedApps } = scope;
  const [counts, markers] = await Promise.all([
    countByBucket(db, scope, summed, firstMs),
    readMarkers(db, window, askedApps),
  ]);
  return {
    from: new Date(window.fromMs).toISOString(),
    to: new Date(window.toMs).toISOString(),
    bucketSeconds: window.bucketMs / 1000,
    points: seriesPoints(window, counts, firstMs),
    markers,
  };
}

async function readMarkers(
  db: Executor,
  window: TimeWindow,
  apps: readonly string[] | null,
): Promise<VerdictSeries['markers']> {
  const span = { from: new Date(window.fromMs), to: new Date(window.toMs) };
  const rows = await listAuditedChanges(db, span, apps, MOST_MARKERS);
  return rows.map((row) => ({
    at: row.at,
    action: row.action,
    label: `${MARKER_LABELS[row.action] ?? row.action} by ${row.actorName}`,
    auditId: row.id,
  }));
}
