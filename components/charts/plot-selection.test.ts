import { expect, it } from 'vitest';
import { extendSpan, indexBeyond, orderedSpan } from './plot-selection';

it('orders a selection that was dragged backwards', () => {
  expect(orderedSpan({ anchor: 7, head: 2 })).toEqual([2, 7]);
});

it('extends a selection from where it began, and never beyond the buckets', () => {
  const begun = extendSpan(null, 3, 10);
  expect(begun).toEqual({ anchor: 3, head: 3 });
  expect(extendSpan(begun, 12, 10)).toEqual({ anchor: 3, head: 9 });
  expect(extendSpan(begun, -4, 10)).toEqual({ anchor: 3, head: 0 });
});

it('takes a pointer that has left the plot sideways for the bucket on that side', () => {
  const plot = { left: 48, right: 300 };
  expect([-20, 48, 120, 300, 900].map((x) => indexBeyond(x, plot, 10))).toEqual([0, 0, null, 9, 9]);
});
