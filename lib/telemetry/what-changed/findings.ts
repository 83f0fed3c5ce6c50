import { createHash } from 'node:crypto';
import { type Finding, threatTitle, type WhatChanged } from '@/lib/contracts';
import { THRESHOLDS } from './detect';
import { type Affected, addCounts, type Count, type Counts, type Jump, rateOf } from './model';
import { readJump } from './read-jump';
import { scoreByDevices } from './statistic';

/** Share of an outcome's hits that a threat must have in the same cell to be what it came from. */
const EXPLAINED_SHARE = 0.8;

const OUTCOME_TITLES: Readonly<Record<string, string>> = {
  'verdict:flagged': 'Flagged',
  'verdict:restricted': 'Restricted',
  'verdict:rejected': 'Rejected',
};

/** What a signal is called. */
export function signalTitle(signal: string): string {
  return OUTCOME_TITLES[signal] ?? threatTitle(signal);
}

/** The same for the same signal in the same cell, whenever it is asked. */
export function findingId({ appId, signal, cell }: Pick<Jump, 'appId' | 'signal' | 'cell'>): string {
  const { platform, osVersion, appVersion, model, country } = cell;
  const name = JSON.stringify([appId, signal, platform, osVersion, appVersion, model, country]);
  return createHash('sha256').update(name).digest('base64url').slice(0, 22);
}

/** Whether a jump is told of: enough devices, and a score that holds when each of them counts once. */
export function isWorthTelling(score: number, devices: number): boolean {
  return devices >= THRESHOLDS.devices && score >= THRESHOLDS.score;
}

/** A jump that concerns enough devices, as it is told; `null` for one that does not. `now` is counted since it began. */
export function findingOf(jump: Jump, now: Count, affected: Affected, appName: string): Finding | null {
  const score = scoreByDevices(jump.score, affected.events, affected.devices);
  if (!isWorthTelling(score, affected.devices)) return null;
  return {
    id: findingId(jump),
    appId: jump.appId,
    appName,
    signal: jump.signal,
    title: signalTitle(jump.signal),
    cell: jump.cell,
    now: rate(now),
    before: rate(pastOf(jump.counts)),
    siblings: jump.siblings && rate(jump.siblings.now),
    score: Math.round(score * 10) / 10,
    devices: affected.devices,
    since: new Date(affected.sinceMs).toISOString(),
    reading: readJump(jump, affected),
  };
}

/** Most devices first; an outcome that a threat in the same cell accounts for is not told again. */
export function rankFindings(findings: readonly Finding[]): WhatChanged['findings'] {
  return findings
    .filter((finding) => !findings.some((other) => accountsFor(other, finding)))
    .sort((a, b) => b.devices - a.devices || b.score - a.score || (a.id < b.id ? -1 : 1));
}

function accountsFor(threat: Finding, outcome: Finding): boolean {
  return (
    outcome.signal.startsWith('verdict:') &&
    !threat.signal.startsWith('verdict:') &&
    threat.appId === outcome.appId &&
    JSON.stringify(threat.cell) === JSON.stringify(outcome.cell) &&
    threat.now.hits >= EXPLAINED_SHARE * outcome.now.hits
  );
}

function pastOf({ past }: Counts): Count {
  return addCounts(past);
}

function rate(count: Count): Finding['now'] {
  return { rate: rateOf(count), hits: count.hits, events: count.events };
}
