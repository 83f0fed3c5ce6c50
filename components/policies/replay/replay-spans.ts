import type { ReplaySpan } from '@/lib/contracts';

/** What a replay may run over. They are constants, so that the same choice is the same object. */
export const SPANS: readonly { id: string; label: string; span: ReplaySpan }[] = [
  { id: 'hour', label: 'Last hour', span: { last: 'hour' } },
  { id: 'day', label: 'Last day', span: { last: 'day' } },
  { id: 'week', label: 'Last week', span: { last: 'week' } },
  ...[1_000, 10_000, 100_000, 1_000_000].map((events) => ({
    id: String(events),
    label: `Newest ${events.toLocaleString('en-GB')}`,
    span: { events },
  })),
];

/** A choice by its id; the last day where there is none of that id. */
export function spanOf(id: string): ReplaySpan {
  return SPANS.find((one) => one.id === id)?.span ?? { last: 'day' };
}
