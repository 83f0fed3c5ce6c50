import type { Verdict } from '@/lib/contracts';

/** A fraction of the plot as SVG writes it. */
export function percent(fraction: number): string {
  return `${Math.round(fraction * 10_000) / 100}%`;
}

/** How the labels of every axis are set; they are measured by it, to leave out those that would overlap. */
export const AXIS_LABEL = { fill: 'var(--color-faint)', fontSize: 11 } as const;

/** The colour of a verdict's marks, for attributes of SVG. */
export function verdictColour(verdict: Verdict): string {
  return `var(--color-${verdict})`;
}

/** Pixels between the edges of a chart over time and its plot: the same in each, so that times stand above each other. */
export const PLOT_INSET = { left: 48, right: 16 } as const;
