import { withParams } from '@/components/query/api-fetch';
import { formatCount } from '@/components/ui/format';
import type { ReplayFacet, ReplayFigures, ReplayReport } from '@/lib/contracts';

/** Up to so many, distinct devices are counted exactly; above, they are estimated. */
const EXACT_DEVICES = 16_384;

/** A number of distinct devices; an estimate says so. */
export function devicesText(count: number): string {
  return count > EXACT_DEVICES ? `about ${formatCount(count)}` : formatCount(count);
}

/** Whether any of the counts of devices is an estimate. */
export function isEstimated({ devices, allDevices }: ReplayFigures): boolean {
  return Math.max(devices.stricter, devices.milder, allDevices) > EXACT_DEVICES;
}

/** One value of a facet with its flips. */
export interface FacetRow {
  /** `null`: all values that are not listed. */
  value: string | null;
  label: string;
  stricter: number;
  milder: number;
  events: number;
  /** The attestations behind it; `null` where they are not those of one value. */
  href: string | null;
}

/** Values of a facet that flip at all, most flips first. */
export function prepareFacet(
  appId: string,
  report: Extract<ReplayReport, { kind: 'progress' | 'done' }>,
  facet: ReplayFacet,
  labelOf: (value: string) => string,
): FacetRow[] {
  return (report.figures.by[facet] ?? [])
    .filter(({ stricter, milder }) => stricter + milder > 0)
    .map((row) => ({
      ...row,
      label: row.value === null ? 'all others' : row.value === '' ? 'unknown' : labelOf(row.value),
      href: row.value === null ? null : attestationsHref(appId, report, { [facet]: row.value }),
    }));
}

/** The attestations that were replayed, narrowed down. */
export function attestationsHref(
  appId: string,
  { oldestAt, newestAt }: Extract<ReplayReport, { kind: 'progress' | 'done' }>,
  narrowed: Readonly<Record<string, string>> = {},
): string | null {
  if (oldestAt === null || newestAt === null) return null;
  // The end of a range is excluded.
  const to = new Date(Date.parse(newestAt) + 1).toISOString();
  return withParams('/attestations', { from: oldestAt, to, app: appId, ...narrowed });
}
