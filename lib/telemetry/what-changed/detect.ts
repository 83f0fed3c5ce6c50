import type { Cell } from '@/lib/contracts';
import {
  type CellView,
  type Count,
  type Counts,
  DIMENSIONS,
  type Dimension,
  EVERYTHING,
  type Jump,
  type Marginal,
  rateOf,
  together,
  without,
} from './model';
import { type Baseline, baselineOf, hasPast, scoreAgainst, twoProportionScore } from './statistic';

/** What a rate must do to be told of. */
export const THRESHOLDS = {
  /** Attestations in which it was found, now. */
  hits: 10,
  /** Standard deviations above its own past. */
  score: 6,
  /** Standard deviations above its siblings. */
  siblingScore: 4,
  /** Rise of the rate, absolute and as a factor. */
  rise: 0.01,
  factor: 1.5,
  /** Distinct devices. */
  devices: 6,
} as const;

/** What does not stand out more than this has held. */
const HELD_SCORE = 3;
/** Or what holds no more than this share of what is too many. */
const HELD_SHARE = 0.15;
/** From how many attestations on there is a rest that can be said to have held. */
const REST_EVENTS = 20;
/** A jump under more values than this of one dimension is not a matter of that dimension. */
const MOST_VALUES = 5;
/** What stands for values beyond a bound names no place. */
const FOLDED = '(other)';

/** How a place stands against its own past; against that of the whole where it has none. */
function standing(counts: Counts, whole: Baseline): { score: number; excess: number; jumped: boolean } {
  const baseline = hasPast(counts) ? baselineOf(counts, whole) : whole;
  const score = scoreAgainst(counts.now, baseline);
  const excess = counts.now.hits - counts.now.events * baseline.rate;
  const rate = rateOf(counts.now);
  const jumped =
    counts.now.hits >= THRESHOLDS.hits &&
    score >= THRESHOLDS.score &&
    rate - baseline.rate >= THRESHOLDS.rise &&
    rate >= baseline.rate * THRESHOLDS.factor;
  return { score, excess, jumped };
}

/** A place that stands out: a value of a dimension, or the whole cell. */
export interface Standout {
  readonly counts: Counts;
  readonly score: number;
}

/** Every place in a cell in which a rate has jumped, be it as the echo of a jump elsewhere: the cheap first look. */
export function standouts({ total, marginals }: CellView): Standout[] {
  const fallback = baselineOf(total);
  return [total, ...marginals.map(({ counts }) => counts)].flatMap((counts) => {
    const { score, jumped } = standing(counts, fallback);
    return jumped ? [{ counts, score }] : [];
  });
}

/** Under which values of one dimension a jump lies, while it held under the others. */
export interface Split {
  readonly dimension: Dimension;
  readonly values: readonly Marginal[];
}

/** The dimension by which a jump within a cell is told apart best; `null` where it is all over the cell. */
export function refine(view: CellView): Split | null {
  const splits = DIMENSIONS.flatMap((dimension) => splitBy(view, dimension) ?? []);
  const cost = ({ values }: Split) =>
    values.length * values.reduce((all, { counts }) => all + counts.now.events, 0);
  return splits.sort((a, b) => cost(a) - cost(b))[0] ?? null;
}

function splitBy({ total, marginals }: CellView, dimension: Dimension): Split | null {
  const fallback = baselineOf(total);
  const whole = standing(total, fallback);
  const candidates = marginals
    .filter((one) => one.dimension === dimension && one.value !== FOLDED)
    .map((one) => ({ one, ...standing(one.counts, fallback) }))
    .filter(({ jumped }) => jumped)
    .sort((a, b) => b.excess - a.excess);
  const values: Marginal[] = [];
  let rest = total;
  for (const { one } of candidates.slice(0, MOST_VALUES)) {
    values.push(one);
    rest = without(rest, one.counts);
    const left = standing(rest, fallback);
    if (rest.now.events < REST_EVENTS) return null;
    if (left.score < HELD_SCORE || left.excess <= HELD_SHARE * whole.excess) {
      return standOut(values, rest.now) ? { dimension, values } : null;
    }
  }
  return null;
}

function standOut(values: readonly Marginal[], rest: Count): boolean {
  return values.every(({ counts }) => twoProportionScore(counts.now, rest) >= THRESHOLDS.siblingScore);
}

/** Looks closer at a cell. */
export type Magnifier = (cell: Cell) => Promise<CellView>;

/**
 * Finds the coarsest cells that explain where a signal jumped: narrows by one dimension at a time for as long as the
 * jump lies under few of its values while the others held.
 */
export async function localise(
  appId: string,
  signal: string,
  everything: CellView,
  magnify: Magnifier,
): Promise<Jump[]> {
  const fallback = baselineOf(everything.total);
  const drill = async (cell: Cell, view: CellView): Promise<Jump[]> => {
    const split = refine(view);
    if (split !== null) {
      const found: Jump[] = [];
      for (const { value } of split.values) {
        const narrower = { ...cell, [split.dimension]: value };
        found.push(...(await drill(narrower, await magnify(narrower))));
      }
      return found;
    }
    const { score, jumped } = standing(view.total, fallback);
    return jumped ? [jumpIn(withPlatform(cell, view), view.total, score)] : [];
  };
  const jumpIn = (cell: Cell, counts: Counts, score: number): Jump => {
    const narrowed = DIMENSIONS.some((dimension) => cell[dimension] !== null);
    const siblings = narrowed ? without(everything.total, counts) : null;
    return { appId, signal, cell, counts, siblings, score };
  };
  return drill(EVERYTHING, everything);
}

/** An OS version names its platform, where all of it is of one. */
function withPlatform(cell: Cell, { total, marginals }: CellView): Cell {
  if (cell.platform !== null || cell.osVersion === null) return cell;
  const only = marginals.find(
    ({ dimension, counts }) => dimension === 'platform' && counts.now.events === total.now.events,
  );
  return only ? { ...cell, platform: only.value } : cell;
}

/** Whether the siblings of a jump stayed as they were. */
export function siblingsHeld({ siblings, counts }: Jump): boolean {
  if (siblings === null || siblings.now.events < REST_EVENTS) return false;
  const fallback = baselineOf(together(siblings, counts));
  return !standing(siblings, fallback).jumped;
}
