import type { VerbContext } from '@/lib/auth';
import { type Comparison, type ComparisonQuery, threatTitle, VERDICTS, type Verdict } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { readsOf } from './reads';
import { countVerdictThreats, type VerdictThreat } from './rollups';
import { rollupScope, type TelemetryScope } from './scope';
import { readSummed } from './summed';
import { previousWindow, type TimeWindow } from './time-window';

/** One side of a comparison: what it is called, and what it is counted over. */
interface Side {
  label: string;
  scope: TelemetryScope;
}

/**
 * Two periods, or two app versions within one, side by side.
 * @throws AppError `permission_denied`, `request_invalid` also where versions are compared and one is missing
 */
export async function readComparison(ctx: VerbContext, query: ComparisonQuery): Promise<Comparison> {
  const db = readsOf(ctx);
  const [scope, summed] = await Promise.all([rollupScope(ctx, query), readSummed(db)]);
  const [a, b] = SIDES[query.by](scope, query);
  const [ofA, ofB] = await Promise.all([
    countVerdictThreats(db, a.scope, summed),
    countVerdictThreats(db, b.scope, summed),
  ]);
  return { a: sideOf(a, ofA), b: sideOf(b, ofB), threats: compareThreats(ofA, ofB) };
}

const SIDES: Readonly<
  Record<ComparisonQuery['by'], (scope: TelemetryScope, query: ComparisonQuery) => readonly [Side, Side]>
> = {
  period: (scope) => [
    { label: 'This period', scope },
    { label: 'The period before', scope: { ...scope, window: previousWindow(scope.window) } },
  ],
  appVersion: (scope, { a, b }) => [versionSide(scope, 'a', a), versionSide(scope, 'b', b)],
};

function versionSide(scope: TelemetryScope, name: 'a' | 'b', version: string | undefined): Side {
  if (version === undefined) {
    throw new AppError('request_invalid', { fields: { [name]: 'is needed to compare app versions' } });
  }
  return { label: version, scope: { ...scope, filter: { ...scope.filter, appVersion: [version] } } };
}

function sideOf({ label, scope }: Side, rows: readonly VerdictThreat[]): Comparison['a'] {
  const of = (verdict: Verdict) => sum(rows.filter((row) => row.verdict === verdict));
  const verdicts = Object.fromEntries(VERDICTS.map((verdict) => [verdict, of(verdict)]));
  const attestations = sum(rows);
  return {
    label,
    ...spanOf(scope.window),
    attestations,
    passRate: attestations === 0 ? null : (attestations - of('rejected')) / attestations,
    verdicts: verdicts as Comparison['a']['verdicts'],
  };
}

function spanOf(window: TimeWindow): { from: string; to: string } {
  return { from: new Date(window.fromMs).toISOString(), to: new Date(window.toMs).toISOString() };
}

/** The share of each side's attestations that each threat decided, largest difference first. */
export function compareThreats(
  a: readonly VerdictThreat[],
  b: readonly VerdictThreat[],
): Comparison['threats'] {
  const threats = new Set([...a, ...b].flatMap(({ threat }) => (threat === '' ? [] : [threat])));
  const share = (rows: readonly VerdictThreat[], threat: string) => {
    const all = sum(rows);
    return all === 0 ? 0 : sum(rows.filter((row) => row.threat === threat)) / all;
  };
  return [...threats]
    .map((threat) => ({ threat, title: threatTitle(threat), a: share(a, threat), b: share(b, threat) }))
    .sort((x, y) => Math.abs(y.a - y.b) - Math.abs(x.a - x.b) || (x.threat < y.threat ? -1 : 1));
}

function sum(rows: readonly { events: number }[]): number {
  return rows.reduce((all, { events }) => all + events, 0);
}
