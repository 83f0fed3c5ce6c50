/** A moment that tokens can be cut off at, counted back from the choice of it. */
export interface Moment {
  id: string;
  label: string;
  /** `null`: when the server commits it, so that no token is left that was issued before. */
  agoSeconds: number | null;
}

/** No token lives for longer than an hour: cutting off what is older would change nothing. */
export const MOMENTS: readonly Moment[] = [
  { id: 'now', label: 'now: every token that there is', agoSeconds: null },
  { id: '1m', label: 'a minute ago', agoSeconds: 60 },
  { id: '5m', label: '5 minutes ago', agoSeconds: 300 },
  { id: '15m', label: '15 minutes ago', agoSeconds: 900 },
  { id: '30m', label: '30 minutes ago', agoSeconds: 1_800 },
];

/** The moment as the server takes it, for a choice that is made at `nowMs`. */
export function momentAt(id: string, nowMs: number): string | null {
  const agoSeconds = MOMENTS.find((moment) => moment.id === id)?.agoSeconds ?? null;
  return agoSeconds === null ? null : new Date(nowMs - agoSeconds * 1000).toISOString();
}
