'use client';

import {
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  type RefObject,
  useRef,
  useState,
} from 'react';
import type { MouseHandlerDataParam } from 'recharts';
import { extendSpan, type IndexSpan, indexBeyond, orderedSpan } from './plot-selection';
import type { TimeBucket } from './prepare-points';

const STEP_OF_KEY: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  PageUp: -8,
  PageDown: 8,
};

/** No event waits for the next frame: it could come after the button was let go. */
const NO_EVENTS: [] = [];

/** What a dragged period leads to; times in milliseconds since the epoch. */
export type ZoomHandler = (period: { fromMs: number; toMs: number }) => void;

export interface PlotZoomOptions {
  points: readonly TimeBucket[];
  /** Pixels between the chart's edges and its plot. */
  inset: { left: number; right: number };
  /** Called with the period selected; without it nothing can be selected. */
  onZoom: ZoomHandler | undefined;
}

export type PlotZoom = ReturnType<typeof usePlotZoom>;

/**
 * Selection of buckets in a chart by recharts, which itself moves through them with pointer, finger and arrow keys.
 * Dragging, or arrows with Shift, select; letting go, or Enter, calls `onZoom`; Escape gives up.
 */
export function usePlotZoom({ points, inset, onZoom }: PlotZoomOptions) {
  const surface = useRef<SVGSVGElement>(null);
  const active = useRef<number | null>(null);
  const selection = useSelection(points, onZoom);
  const frame = {
    onPointerDown: ({ pointerType, button, pointerId }: PointerEvent) => {
      // So that letting go outside of the chart is noticed as well.
      if (pointerType === 'mouse' && button === 0) surface.current?.setPointerCapture(pointerId);
    },
    onTouchCancel: selection.giveUp,
    onBlur: selection.giveUp,
    onKeyDown: selectionKeys(selection, active, points.length),
  };
  const chart = { ref: surface, ...draggingEvents(selection, inset, points.length) };
  return { span: selection.span, active, chart, frame };
}

/** The buckets selected so far; without `onZoom` there never are any. */
function useSelection(points: PlotZoomOptions['points'], onZoom: ZoomHandler | undefined) {
  // Several events may come between two renderings: the reference holds the truth, the state draws it.
  const latest = useRef<IndexSpan | null>(null);
  const isDragging = useRef(false);
  const [span, setSpan] = useState<IndexSpan | null>(null);
  const set = (next: IndexSpan | null) => {
    latest.current = onZoom === undefined ? null : next;
    setSpan(latest.current);
  };
  const giveUp = () => {
    isDragging.current = false;
    set(null);
  };
  const finish = () => {
    const chosen = latest.current;
    giveUp();
    if (chosen === null || chosen.anchor === chosen.head) return;
    const [first, last] = orderedSpan(chosen);
    const [from, to] = [points[first], points[last]];
    if (from !== undefined && to !== undefined) onZoom?.({ fromMs: from.atMs, toMs: to.endMs });
  };
  return { span, latest, isDragging, set, finish, giveUp };
}

type Selection = ReturnType<typeof useSelection>;

/** The chart's own events, which tell the bucket under pointer or finger. */
function draggingEvents(selection: Selection, inset: PlotZoomOptions['inset'], count: number) {
  const { latest, isDragging, set, finish } = selection;
  const begin = () => {
    isDragging.current = true;
    set(null);
  };
  const drag = (index: number | null) => {
    if (isDragging.current && index !== null) set(extendSpan(latest.current, index, count));
  };
  const end = () => {
    if (isDragging.current) finish();
  };
  return {
    throttledEvents: NO_EVENTS,
    onMouseDown: (state: MouseHandlerDataParam, event: MouseEvent) => {
      if (event.button !== 0) return;
      begin();
      drag(activeIndex(state));
    },
    onMouseMove: (state: MouseHandlerDataParam, event: MouseEvent) => {
      const box = event.currentTarget.getBoundingClientRect();
      const plot = { left: box.left + inset.left, right: box.right - inset.right };
      drag(activeIndex(state) ?? indexBeyond(event.clientX, plot, count));
    },
    onMouseUp: end,
    onTouchStart: begin,
    onTouchMove: (state: MouseHandlerDataParam) => drag(activeIndex(state)),
    onTouchEnd: end,
  };
}

/** What keys do besides moving by an arrow, which recharts does. */
function selectionKeys(selection: Selection, active: RefObject<number | null>, count: number) {
  const move = (event: KeyboardEvent, step: number) => {
    event.preventDefault();
    const from = active.current ?? (step > 0 ? -1 : count);
    const begun = selection.latest.current ?? extendSpan(null, from, count);
    selection.set(event.shiftKey ? extendSpan(begun, from + step, count) : null);
    if (Math.abs(step) > 1) pressArrow(event.target, step);
  };
  return (event: KeyboardEvent) => {
    const step = STEP_OF_KEY[event.key];
    // The presses that a page is made of come by here again.
    if (!event.nativeEvent.isTrusted) return;
    if (step !== undefined && count > 0) move(event, step);
    else if (event.key === 'Enter') selection.finish();
    else if (event.key === 'Escape' && selection.latest.current !== null) {
      // The page has a use of its own for the key.
      event.preventDefault();
      selection.giveUp();
    }
  };
}

function activeIndex({ activeTooltipIndex }: MouseHandlerDataParam): number | null {
  return activeTooltipIndex === undefined || activeTooltipIndex === null ? null : Number(activeTooltipIndex);
}

/** Recharts knows no longer step than an arrow's: a page is so many presses of it. */
function pressArrow(target: EventTarget, step: number): void {
  const key = step > 0 ? 'ArrowRight' : 'ArrowLeft';
  for (let press = 0; press < Math.abs(step); press += 1) {
    target.dispatchEvent(new globalThis.KeyboardEvent('keydown', { key, bubbles: true }));
  }
}
