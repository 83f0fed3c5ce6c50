/** A selection by two bucket indexes, in either order. */
export interface IndexSpan {
  anchor: number;
  head: number;
}

/** First and last index of a span. */
export function orderedSpan({ anchor, head }: IndexSpan): [number, number] {
  return anchor <= head ? [anchor, head] : [head, anchor];
}

/** A span whose head has moved to `head`, or one that begins there; it stays within the buckets. */
export function extendSpan(span: IndexSpan | null, head: number, count: number): IndexSpan {
  const index = Math.min(Math.max(head, 0), count - 1);
  return { anchor: span?.anchor ?? index, head: index };
}

/** The bucket at the side on which a pointer has left the plot; `null` while it is above, below or inside. */
export function indexBeyond(
  clientX: number,
  plot: { left: number; right: number },
  count: number,
): number | null {
  if (clientX <= plot.left) return 0;
  return clientX >= plot.right ? count - 1 : null;
}
