import type { Figure } from '@/components/console/figures-strip';
import {
  formatChange,
  formatCount,
  formatDuration,
  formatPercent,
  formatPoints,
  plural,
} from '@/components/ui/format';
import { type MarkedVerdict, VERDICT_ORDER } from '@/components/ui/verdict-mark';
import type { NextExpiry, NodesView, Overview, Verdict } from '@/lib/contracts';
import { attestationsHref, blockedDevicesHref, type OverviewView } from './overview-links';

/** Where on the page the refused requests are counted by reason. */
export const REQUESTS_ID = 'requests';

/** A pass rate that fell by this share is bad news. */
const FALL = 0.005;
/** What grew by half, and by at least this much, is bad news. */
const RISE_FACTOR = 1.5;
const RISE_AT_LEAST = 10;

/** The figures of the overview's strip, each with its change, its course, and the rows behind it. */
export function prepareFigures(
  overview: Overview,
  nodes: NodesView | undefined,
  view: OverviewView,
): Figure[] {
  const { attestationsPerMinute, passRate, devicesRejected, refusedRequests, activeBlocks } = overview;
  return [
    {
      label: 'Attestations / min',
      value: formatRate(attestationsPerMinute.now),
      href: attestationsHref(view),
      ...noteOf(formatChange(attestationsPerMinute.now, attestationsPerMinute.previous)),
      course: { values: courseOf(overview, total) },
    },
    {
      label: 'Pass rate',
      value: formatPercent(passRate.now),
      href: attestationsHref(view),
      ...noteOf(formatPoints(passRate.now, passRate.previous), fell(passRate)),
      course: { values: courseOf(overview, passShare), tone: 'trusted' },
    },
    {
      label: 'Devices rejected',
      value: formatCount(devicesRejected.now),
      href: attestationsHref(view, { verdict: 'rejected' }),
      ...noteOf(changeOf(devicesRejected), rose(devicesRejected)),
      course: { values: courseOf(overview, (counts) => counts.rejected), tone: 'rejected' },
    },
    {
      label: 'Refused requests',
      value: formatCount(refusedRequests.now),
      href: `#${REQUESTS_ID}`,
      ...noteOf(changeOf(refusedRequests), rose(refusedRequests)),
    },
    {
      label: 'Active blocks',
      value: formatCount(activeBlocks),
      href: blockedDevicesHref(view),
      ...(nodes === undefined ? {} : { note: enforcement(nodes) }),
    },
  ];
}

const EXPIRY_TONES: Readonly<Record<string, MarkedVerdict>> = {
  expired: 'rejected',
  '7d': 'rejected',
  '14d': 'flagged',
  '30d': 'flagged',
};

/** When the next certificate expires, and whose; nothing where no server is watched. */
export function prepareExpiry(expiry: NextExpiry | undefined): Figure[] {
  if (expiry === undefined || expiry.origins === 0) return [];
  const label = 'Next certificate expiry';
  const { next } = expiry;
  if (next === null) return [{ label, value: '–', href: '/certificates', note: { text: 'not probed yet' } }];
  const tone = next.warning === null ? undefined : EXPIRY_TONES[next.warning];
  return [
    {
      label,
      value: next.days < 0 ? 'expired' : plural(next.days, 'day'),
      href: `/certificates/${next.originId}`,
      note: tone === undefined ? { text: next.host } : { text: next.host, tone },
    },
  ];
}

type Counts = Readonly<Record<Verdict, number>>;

interface Compared {
  now: number;
  previous: number | null;
}

function noteOf(text: string | null, bad = false): Pick<Figure, 'note'> {
  if (text === null) return {};
  return { note: bad ? { text, tone: 'rejected' } : { text } };
}

/** A rate under ten keeps a digit, so that a quiet app does not seem dead. */
function formatRate(perMinute: number): string {
  return perMinute > 0 && perMinute < 10 && !Number.isInteger(perMinute)
    ? perMinute.toFixed(1)
    : formatCount(Math.round(perMinute));
}

function changeOf({ now, previous }: Compared): string | null {
  return previous === 0 && now > 0 ? 'none in the period before' : formatChange(now, previous);
}

function rose({ now, previous }: Compared): boolean {
  return previous !== null && now >= previous * RISE_FACTOR && now - previous >= RISE_AT_LEAST;
}

function fell({ now, previous }: { now: number | null; previous: number | null }): boolean {
  return now !== null && previous !== null && previous - now >= FALL;
}

function total(counts: Counts): number {
  return VERDICT_ORDER.reduce((sum, verdict) => sum + counts[verdict], 0);
}

function passShare(counts: Counts): number | null {
  const all = total(counts);
  return all === 0 ? null : (all - counts.rejected) / all;
}

/**
 * One value per complete bucket, from the first one that was recorded on: the one that is still filling would seem a
 * fall, and what was before the first attestation would squeeze the rest.
 */
function courseOf({ series }: Overview, of: (counts: Counts) => number | null): (number | null)[] {
  const first = series.points.findIndex((point) => point.counts !== null);
  return series.points
    .slice(Math.max(first, 0))
    .filter((point) => !point.incomplete)
    .map((point) => (point.counts === null ? null : of(point.counts)));
}

/** On how many of the living nodes the newest change is in force, and how long that took. */
function enforcement({ headSeq, nodes, lastPropagationMs }: NodesView): NonNullable<Figure['note']> {
  const alive = nodes.filter((node) => node.alive);
  if (alive.length === 0) return { text: 'no node is running', tone: 'rejected' };
  const enforcing = alive.filter((node) => node.appliedSeq >= headSeq).length;
  // Zero stands for nodes that held the change from their start: nobody measured how long it travelled.
  const measured = lastPropagationMs !== null && lastPropagationMs > 0;
  const latency = measured ? ` · ${formatDuration(lastPropagationMs)}` : '';
  const text = `${formatCount(enforcing)} of ${plural(alive.length, 'node')}`;
  return enforcing === alive.length
    ? { text: `${text}${latency}`, tone: 'trusted' }
    : { text: `${text}, pending`, tone: 'flagged' };
}
