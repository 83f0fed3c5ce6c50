import type { VerbContext } from '@/lib/auth';
import type { Cell, Finding, TelemetryFilter, WhatChanged } from '@/lib/contracts';
import type { Executor } from '@/lib/db';
import {
  baselineOf,
  EVERYTHING,
  findingOf,
  type Jump,
  localise,
  type Onset,
  onsetOf,
  rankFindings,
  type Span,
  standouts,
  type Windows,
  windowsAt,
} from '../what-changed';
import { readAffected } from './affected';
import { type CellViews, EMPTY_VIEW, firstCellMs, readCellViews, readJumpSeries } from './cells';
import { readsOf } from './reads';
import { appNames } from './rollups';
import { rollupScope } from './scope';
import { readSummed } from './summed';

const HOUR_MS = 3_600_000;
/** How far back the beginning of a jump is looked for: first a little, then a day. */
const LOOK_BACK_MS = [4 * HOUR_MS, 24 * HOUR_MS] as const;
/** Most jumps that are looked into, those with the highest scores; what is beyond is the echo of something large. */
const MOST_JUMPS = 12;

/**
 * What changed by the end of the window: every signal and outcome whose rate jumped somewhere, against its own past and
 * against the places beside it. Facets that name no dimension of a cell do not narrow it.
 * @throws AppError `permission_denied`, `request_invalid`
 */
export async function readWhatChanged(ctx: VerbContext, filter: TelemetryFilter): Promise<WhatChanged> {
  const db = readsOf(ctx);
  const [{ apps, window }, { marginals }] = await Promise.all([rollupScope(ctx, filter), readSummed(db)]);
  const windows = windowsAt(window.toMs, await firstCellMs(db, apps));
  const jumps = await findJumps(db, apps, windows, marginals);
  const wanted = jumps.filter((jump) => isWanted(jump, filter)).sort((a, b) => b.score - a.score);
  const names = wanted.length === 0 ? new Map<string, string>() : await appNames(db, apps);
  const findings: Finding[] = [];
  for (const jump of wanted.slice(0, MOST_JUMPS)) {
    const finding = await lookInto(db, jump, windows, names.get(jump.appId) ?? jump.appId);
    if (finding !== null) findings.push(finding);
  }
  return { to: new Date(window.toMs).toISOString(), findings: rankFindings(findings) };
}

async function findJumps(
  db: Executor,
  apps: readonly string[],
  windows: Windows,
  marginals: Span | undefined,
): Promise<Jump[]> {
  if (apps.length === 0) return [];
  const everything = await readCellViews(db, apps, windows, EVERYTHING, marginals);
  const magnified = new Map<string, Promise<CellViews>>();
  const magnify = (appId: string, cell: Cell): Promise<CellViews> => {
    const name = JSON.stringify([appId, cell]);
    const known = magnified.get(name) ?? readCellViews(db, [appId], windows, cell);
    magnified.set(name, known);
    return known;
  };
  const jumps: Jump[] = [];
  for (const [appId, views] of everything) {
    for (const [signal, view] of views) {
      if (standouts(view).length === 0) continue;
      const closer = async (cell: Cell) => (await magnify(appId, cell)).get(appId)?.get(signal) ?? EMPTY_VIEW;
      jumps.push(...(await localise(appId, signal, view, closer)));
    }
  }
  return jumps;
}

/** Whether what was filtered by lets a jump through: its cell is one of the wanted, or holds them. */
function isWanted({ signal, cell }: Jump, filter: TelemetryFilter): boolean {
  const lets = (wanted: readonly string[], value: string | null) =>
    wanted.length === 0 || value === null || wanted.includes(value);
  const verdict = /^verdict:(.+)$/.exec(signal)?.[1] ?? null;
  return (
    lets(filter.platform, cell.platform) &&
    lets(filter.osVersion, cell.osVersion) &&
    lets(filter.appVersion, cell.appVersion) &&
    lets(filter.country, cell.country) &&
    lets(filter.verdict, verdict) &&
    lets(filter.threat, verdict === null ? signal : null)
  );
}

async function lookInto(
  db: Executor,
  jump: Jump,
  windows: Windows,
  appName: string,
): Promise<Finding | null> {
  const onset = await findOnset(db, jump, windows.now.toMs);
  if (onset === null) return null;
  const span = { fromMs: onset.sinceMs, toMs: windows.now.toMs };
  return findingOf(jump, onset.now, await readAffected(db, jump, span), appName);
}

async function findOnset(db: Executor, jump: Jump, toMs: number): Promise<Onset | null> {
  const usual = baselineOf(jump.siblings ?? jump.counts).rate;
  const before = baselineOf(jump.counts).rate;
  let onset: Onset | null = null;
  for (const lookBackMs of LOOK_BACK_MS) {
    const series = await readJumpSeries(db, jump, { fromMs: toMs - lookBackMs, toMs });
    onset = onsetOf(series, jump.counts.past.some((window) => window.events > 0) ? before : usual);
    if (onset === null || !onset.maybeEarlier) break;
  }
  return onset;
}
