import type { VerdictSeries } from '@/lib/contracts';
import { preparePoints, type VerdictPoint } from './prepare-points';
import { type PreparedMarker, placeMarkers } from './prepare-verdicts';
import { type TimeTick, timeTicks } from './scale';

/** A bucket as a bar, which stands over the middle of its time. */
export interface HistogramBar extends VerdictPoint {
  middleMs: number;
}

export interface PreparedHistogram {
  bars: readonly HistogramBar[];
  /** The time axis, from the beginning of the first bucket to the end of the last. */
  fromMs: number;
  toMs: number;
  timeTicks: readonly TimeTick[];
  /** Changes made by staff; the labels stand in one row, the lower one. */
  markers: readonly PreparedMarker[];
}

/** Prepares a series as one stacked bar per bucket; what was not recorded has no bar. */
export function prepareHistogram(series: VerdictSeries, timeZone: string): PreparedHistogram {
  const bars = preparePoints(series).map((point) => ({
    ...point,
    middleMs: (point.atMs + point.endMs) / 2,
  }));
  const fromMs = bars[0]?.atMs ?? Date.parse(series.from);
  const toMs = bars.at(-1)?.endMs ?? fromMs;
  const markers = placeMarkers(series, fromMs, toMs, 1).map((marker) =>
    marker.row === null ? marker : { ...marker, row: 1 },
  );
  return { bars, fromMs, toMs, timeTicks: timeTicks(fromMs, toMs, timeZone), markers };
}
