import type { Cell } from '@/lib/contracts';
import { THRESHOLDS } from '../detect';
import {
  addCounts,
  type CellView,
  type Count,
  type Counts,
  DIMENSIONS,
  type Dimension,
  type Marginal,
} from '../model';

/** The narrowest cell there is, with what was counted in it: a value for every dimension. */
export type Leaf = Readonly<Record<Dimension, string>> & { readonly counts: Counts };

/** How often something is found in a leaf. */
export interface Scenario {
  /** Attestations per window and leaf. */
  readonly events: number;
  readonly usualRate: number;
  /** The rate now, where it is another one. */
  readonly rateNow: (leaf: Readonly<Record<Dimension, string>>) => number | null;
  /** By how much there are more attestations than usual, now. */
  readonly growth?: (leaf: Readonly<Record<Dimension, string>>) => number;
}

const BUILDS: Readonly<Record<string, { os: readonly string[]; models: readonly string[] }>> = {
  ios: { os: ['26.4', '26.5', '26.6'], models: ['iPhone18,1', 'iPhone17,3', 'iPhone16,2'] },
  android: { os: ['14', '15', '16', '17'], models: ['Pixel 10', 'Pixel 9', 'SM-S938B', 'SM-A546B'] },
};
const APP_VERSIONS = ['5.3.0', '5.4.0', '5.5.0'];
const COUNTRIES = ['DE', 'FR', 'GB', 'NL', 'PL', 'ES', 'IT', 'SE'];
const PAST_WINDOWS = 6;

/** Every leaf of a small fleet under a scenario, each with exactly as many hits as its rate makes of all before it. */
export function leavesOf(scenario: Scenario): Leaf[] {
  const leaves: Leaf[] = [];
  // Shares of a hit are carried on, so that rare signals come out right in sums of leaves.
  let owed = 0;
  const count = (events: number, rate: number): Count => {
    owed += events * rate;
    const hits = Math.min(events, Math.floor(owed));
    owed -= hits;
    return { hits, events };
  };
  for (const [platform, { os, models }] of Object.entries(BUILDS)) {
    for (const osVersion of os)
      for (const appVersion of APP_VERSIONS)
        for (const model of models)
          for (const country of COUNTRIES) {
            const leaf = { platform, osVersion, appVersion, model, country };
            const events = Math.round(scenario.events * (scenario.growth?.(leaf) ?? 1));
            const now = count(events, scenario.rateNow(leaf) ?? scenario.usualRate);
            const past = Array.from({ length: PAST_WINDOWS }, () =>
              count(scenario.events, scenario.usualRate),
            );
            leaves.push({ ...leaf, counts: { now, past } });
          }
  }
  return leaves;
}

/** A cell of those leaves as the database would answer for it. */
export function viewOf(leaves: readonly Leaf[], cell: Cell): CellView {
  const inside = leaves.filter((leaf) =>
    DIMENSIONS.every((dimension) => cell[dimension] === null || cell[dimension] === leaf[dimension]),
  );
  const marginals: Marginal[] = [];
  for (const dimension of DIMENSIONS) {
    for (const value of new Set(inside.map((leaf) => leaf[dimension]))) {
      const counts = sumOf(inside.filter((leaf) => leaf[dimension] === value));
      if (counts.now.hits >= THRESHOLDS.hits) marginals.push({ dimension, value, counts });
    }
  }
  return { total: sumOf(inside), marginals };
}

function sumOf(leaves: readonly Leaf[]): Counts {
  const past = Array.from({ length: PAST_WINDOWS }, (_, window) =>
    addCounts(leaves.flatMap(({ counts }) => counts.past[window] ?? [])),
  );
  return { now: addCounts(leaves.map(({ counts }) => counts.now)), past };
}
