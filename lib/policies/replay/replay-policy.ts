import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { compilePolicy } from '@/lib/appraisal';
import { requirePermission, type VerbContext } from '@/lib/auth';
import type { ReplayReport, ReplayRequest, ReplaySpan } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { type ReplayScope, readReplayPages } from '@/lib/telemetry/queries';
import { requireSoundRules } from '../publish';
import { quarantinesSince } from '../quarantine-store';
import { findStanding, findVersion } from '../store';
import { Replay } from './replay';

const SPAN_MS = { hour: 3_600_000, day: 86_400_000, week: 604_800_000 } as const;
const REPORT_EVERY_MS = 250;
/** Replays in one process at once: each keeps a core and a connection busy. */
const MOST_AT_ONCE = 2;
let running = 0;

/** A replay that may begin. */
export type ReplayReports = (signal: AbortSignal) => AsyncGenerator<ReplayReport>;

/**
 * Prepares to run a policy over what was recorded, beside the one in force; the reports come while it runs. Both are judged
 * with the quarantines of the time, so that the one in force gives each attestation of its own the verdict that it had.
 * @throws AppError `permission_denied`, `app_not_found`, `policy_rule_invalid`, `rate_limited`
 */
export async function replayPolicy(ctx: VerbContext, input: ReplayRequest): Promise<ReplayReports> {
  requirePermission(ctx.actor, 'policies.read', input.id);
  requirePermission(ctx.actor, 'telemetry.read', input.id);
  requireSoundRules(input.policy);
  const standing = await findStanding(ctx.db.orm, input.id);
  if (!standing) throw new AppError('app_not_found');
  const inForce = await findVersion(ctx.db.orm, input.id, standing.currentVersion);
  if (!inForce) throw new AppError('policy_not_found');
  if (running >= MOST_AT_ONCE) throw new AppError('rate_limited', { detail: 'Other replays are running.' });
  const scope = scopeOf(input.id, input.span, ctx.clock.nowMs());
  const quarantines = await quarantinesSince(ctx.db.orm, input.id, scope.fromMs);
  const replay = new Replay(
    compilePolicy(inForce.policy, quarantines),
    compilePolicy(input.policy, quarantines),
  );
  return (signal) => run(ctx, { scope, replay, against: inForce.version }, signal);
}

function scopeOf(appId: string, span: ReplaySpan, nowMs: number): ReplayScope {
  // A little later than now: what was received in this very millisecond is among it.
  const toMs = nowMs + 1;
  return 'last' in span
    ? { appId, fromMs: nowMs - SPAN_MS[span.last], toMs, most: Number.MAX_SAFE_INTEGER }
    : { appId, fromMs: 0, toMs, most: span.events };
}

async function* run(
  ctx: VerbContext,
  { scope, replay, against }: { scope: ReplayScope; replay: Replay; against: number },
  signal: AbortSignal,
): AsyncGenerator<ReplayReport> {
  running += 1;
  const startedAt = performance.now();
  let reportedAt = startedAt;
  let rows = 0;
  const report = (kind: 'progress' | 'done'): ReplayReport => ({
    ...{ kind, against, figures: replay.figures(), elapsedMs: performance.now() - startedAt },
    share: kind === 'done' ? 1 : shareOf(scope, rows, replay.oldestMs),
    newestAt: replay.newestMs === null ? null : new Date(replay.newestMs).toISOString(),
    oldestAt: replay.oldestMs === null ? null : new Date(replay.oldestMs).toISOString(),
  });
  try {
    for await (const page of readReplayPages(ctx, scope, signal)) {
      replay.addPage(page.text);
      rows += page.rows;
      if (performance.now() - reportedAt >= REPORT_EVERY_MS) {
        reportedAt = performance.now();
        yield report('progress');
      }
      await yieldToOthers();
    }
    yield report('done');
  } finally {
    running -= 1;
  }
}

/** How far it is: of the span of time, or of the number that was asked for; the smaller one where both are known. */
function shareOf({ fromMs, toMs, most }: ReplayScope, rows: number, oldestMs: number | null): number {
  if (fromMs === 0) return Math.min(1, rows / most);
  return oldestMs === null ? 0 : Math.min(1, (toMs - oldestMs) / (toMs - fromMs));
}
