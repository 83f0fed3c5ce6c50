import type { Cell, Finding } from '@/lib/contracts';

/** By which a cell may be narrowed, from coarse to fine. */
export const DIMENSIONS = ['platform', 'osVersion', 'appVersion', 'model', 'country'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** The cell that holds everything. */
export const EVERYTHING: Cell = {
  platform: null,
  osVersion: null,
  appVersion: null,
  model: null,
  country: null,
};

/** In how many of how many attestations something was found. */
export interface Count {
  readonly hits: number;
  readonly events: number;
}

/** What was counted in one place: now, and in each of the windows of the past that it is held against. */
export interface Counts {
  readonly now: Count;
  readonly past: readonly Count[];
}

/** What was counted under one value of a dimension that a cell leaves open. */
export interface Marginal {
  readonly dimension: Dimension;
  readonly value: string;
  readonly counts: Counts;
}

/** A cell as it is looked at: what was counted in all of it, and under each value of what it leaves open. */
export interface CellView {
  readonly total: Counts;
  readonly marginals: readonly Marginal[];
}

/** Where a signal jumped, before it is known which devices it concerns. */
export interface Jump {
  readonly appId: string;
  readonly signal: string;
  readonly cell: Cell;
  readonly counts: Counts;
  /** What was counted outside of the cell, where it is not everything. */
  readonly siblings: Counts | null;
  readonly score: number;
}

/** What the events themselves tell of a jump. */
export interface Affected {
  readonly devices: number;
  /** Attestations in which it was found. */
  readonly events: number;
  /** Of those, how many came from hosting or anonymising networks. */
  readonly hosted: number;
  readonly sinceMs: number;
}

export type Reading = Finding['reading'];

/** A count of nothing. */
export const NONE: Count = { hits: 0, events: 0 };

/** The share of hits; 0 where there is nothing. */
export function rateOf({ hits, events }: Count): number {
  return events === 0 ? 0 : hits / events;
}

export function addCounts(all: readonly Count[]): Count {
  return all.reduce(
    ({ hits, events }, one) => ({ hits: hits + one.hits, events: events + one.events }),
    NONE,
  );
}

/** What is left of `whole` without `part`, which lies in it. */
export function without(whole: Counts, part: Counts): Counts {
  const left = (a: Count, b: Count | undefined): Count => ({
    hits: Math.max(0, a.hits - (b?.hits ?? 0)),
    events: Math.max(0, a.events - (b?.events ?? 0)),
  });
  return {
    now: left(whole.now, part.now),
    past: whole.past.map((count, index) => left(count, part.past[index])),
  };
}

/** Both together. */
export function together(a: Counts, b: Counts): Counts {
  return {
    now: addCounts([a.now, b.now]),
    past: a.past.map((count, index) => addCounts([count, b.past[index] ?? NONE])),
  };
}
