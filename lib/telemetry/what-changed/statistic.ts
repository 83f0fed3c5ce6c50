import { addCounts, type Count, type Counts, rateOf } from './model';

/** From how many attestations on a window of the past says something of a rate. */
const WINDOW_EVENTS = 20;
/** From how many attestations on a place has a past of its own. */
const PAST_EVENTS = 100;
/**
 * How many times the binomial's variance is expected at least: a device attests again and again, so that events are not
 * independent of each other.
 */
const CLUMPING = 2;
/** What a rate of zero in the past stands for: half a hit. */
const HALF_HIT = 0.5;
/** How many attestations of its own weigh as much as what is known of the whole. */
const LEANING_EVENTS = 500;
/** Scales the median absolute deviation to the standard deviation of a normal distribution. */
const MAD_TO_DEVIATION = 1.4826;

/** What is to be expected of a rate, and by how much it varies more than chance alone would have it. */
export interface Baseline {
  /** The usual rate, between 0 and 1 and neither. */
  readonly rate: number;
  /** Ratio of the variance to the binomial's; at least `CLUMPING`. */
  readonly dispersion: number;
  /** Attestations that it is known from. */
  readonly events: number;
}

/** Whether a place has been seen often enough in the past to be held against it. */
export function hasPast({ past }: Counts): boolean {
  return addCounts(past).events >= PAST_EVENTS;
}

/**
 * The usual rate of a place: the median of the rates of past windows, which a few windows of another kind do not move.
 * Where hits are too rare for a median to say anything, the pooled rate stands for it, if that is higher. That one leans
 * towards the rate of the whole that the place is part of, the more the less is known of the place.
 */
export function baselineOf({ past }: Counts, whole?: Baseline): Baseline {
  const usable = past.filter((window) => window.events >= WINDOW_EVENTS);
  const rates = usable.map(rateOf);
  const middle = median(rates);
  const { hits, events } = addCounts(past);
  const pooled = whole
    ? (hits + whole.rate * LEANING_EVENTS) / (events + LEANING_EVENTS)
    : (hits + HALF_HIT) / (events + 1);
  const rate = Math.min(0.999, Math.max(middle, pooled));
  return { rate, dispersion: dispersionOf(usable, rates, middle, rate), events };
}

function dispersionOf(
  windows: readonly Count[],
  rates: readonly number[],
  middle: number,
  rate: number,
): number {
  if (windows.length < 3) return CLUMPING;
  const deviation = MAD_TO_DEVIATION * median(rates.map((one) => Math.abs(one - middle)));
  const typicalEvents = median(windows.map((window) => window.events));
  const binomial = (rate * (1 - rate)) / typicalEvents;
  return Math.max(CLUMPING, deviation ** 2 / binomial);
}

/**
 * By how many standard deviations a count lies above what was to be expected: the signed root of the binomial deviance,
 * which holds far out in the tail of rare events where a normal approximation does not, for what is uncertain of
 * the past as well. Negative below.
 */
export function scoreAgainst(now: Count, baseline: Baseline): number {
  if (now.events === 0) return 0;
  const expected = baseline.rate;
  const direction = rateOf(now) >= expected ? 1 : -1;
  const uncertainty = 1 + now.events / Math.max(1, baseline.events);
  return direction * Math.sqrt(devianceOf(now, expected) / (baseline.dispersion * uncertainty));
}

/** How a count would have come about by chance under a rate: twice the log of the ratio of likelihoods. */
function devianceOf({ hits, events }: Count, rate: number): number {
  const term = (observed: number, expected: number) =>
    observed === 0 ? 0 : observed * Math.log(observed / expected);
  const misses = events - hits;
  return Math.max(0, 2 * (term(hits, events * rate) + term(misses, events * (1 - rate))));
}

/**
 * A score once it is known how many devices the hits came from: what each device does again and again is no more evidence
 * than its doing it once.
 */
export function scoreByDevices(score: number, hits: number, devices: number): number {
  const clumping = devices === 0 ? hits : hits / devices;
  return score * Math.sqrt(CLUMPING / Math.max(CLUMPING, clumping));
}

/** The z-score of two proportions, for the first being higher; 0 where one of them is of nothing. */
export function twoProportionScore(a: Count, b: Count): number {
  if (a.events === 0 || b.events === 0) return 0;
  const pooled = rateOf(addCounts([a, b]));
  const variance = CLUMPING * pooled * (1 - pooled) * (1 / a.events + 1 / b.events);
  return variance === 0 ? 0 : (rateOf(a) - rateOf(b)) / Math.sqrt(variance);
}

/** The middle value; the mean of the two in the middle; 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? upper) + upper) / 2;
}
