import { countryName, platformLabel } from '@/components/ui/domain-labels';
import { formatCount, formatPercent, plural } from '@/components/ui/format';
import { formatDay, formatMinute } from '@/components/ui/time-format';
import type { MarkedVerdict } from '@/components/ui/verdict-mark';
import type { Cell, Facet, Finding } from '@/lib/contracts';
import { attestationsHref, type OverviewView } from './overview-links';

/** What a finding probably is, in words, and the mark that it has. */
export const READINGS: Readonly<Record<Finding['reading'], { label: string; tone: MarkedVerdict }>> = {
  probable_false_positive: { label: 'probable false positive', tone: 'flagged' },
  probable_attack: { label: 'probable attack', tone: 'rejected' },
  unclear: { label: 'unclear', tone: 'unknown' },
};

/** A finding as one sentence, in the parts that are set differently. */
export interface FindingWords {
  /** "Hooking framework attached": examples in brackets are left out. */
  subject: string;
  /** " on " and "iOS 26.6"; both empty where it is found everywhere. */
  preposition: string;
  place: string;
  /** "rose from 0.2 % to 97 % at 13:52". */
  change: string;
  /** "every other OS version is unchanged"; `null` where there is nothing to compare with. */
  siblings: string | null;
  /** "1,107 devices". */
  devices: string;
}

const VERDICT_SIGNALS: Readonly<Record<string, string>> = {
  'verdict:rejected': 'Rejections',
  'verdict:restricted': 'Restrictions',
  'verdict:flagged': 'Flagged attestations',
};
/** Siblings that differ from the cell's own past by no more than this share of its jump have not moved. */
const UNMOVED = 0.1;
const UNMOVED_AT_LEAST = 0.005;

/** Puts a finding into words; times are said in the viewer's zone, with the day where it is not that of `toMs`. */
export function findingWords(
  finding: Finding,
  { toMs, timeZone }: { toMs: number; timeZone: string },
): FindingWords {
  const { now, before, devices, signal, title, cell } = finding;
  const place = placeOf(cell);
  const verb = now.rate >= before.rate ? 'rose' : 'fell';
  return {
    subject: VERDICT_SIGNALS[signal] ?? title.replace(/ \([^)]*\)$/, ''),
    ...place,
    change: `${verb} from ${rateText(before.rate)} to ${rateText(now.rate)} ${momentOf(finding, toMs, timeZone)}`,
    siblings: siblingsOf(finding),
    devices: plural(devices, 'device'),
  };
}

/** A rate as a sentence says it: the digit after the point matters only while it is small. */
function rateText(rate: number): string {
  return formatPercent(rate, rate < 0.1 ? 1 : 0);
}

function momentOf({ since }: Finding, toMs: number, timeZone: string): string {
  const sinceMs = Date.parse(since);
  const time = formatMinute(sinceMs, timeZone);
  const day = formatDay(sinceMs, timeZone);
  return day === formatDay(toMs, timeZone) ? `at ${time}` : `on ${day} at ${time}`;
}

/** Where it was found: "on iOS 26.6, app 5.4.0, Pixel 9, in Germany". */
function placeOf({ platform, osVersion, appVersion, model, country }: Cell) {
  const system = [platform === null ? null : platformLabel(platform), osVersion].filter(isStated).join(' ');
  const things = [system, appVersion === null ? null : `app ${appVersion}`, model].filter(isStated);
  const where = country === null ? null : countryName(country);
  if (things.length === 0) return { preposition: where === null ? '' : ' in ', place: where ?? '' };
  return {
    preposition: ' on ',
    place: [...things, where === null ? null : `in ${where}`].filter(isStated).join(', '),
  };
}

function isStated(text: string | null): text is string {
  return text !== null && text !== '';
}

/** What the cells that it is compared with have in common: each is another of these. */
const SIBLINGS: Readonly<Record<string, { one: string; many: string }>> = {
  osVersion: { one: 'every other OS version', many: 'other OS versions' },
  platform: { one: 'the other platform', many: 'the other platform' },
  appVersion: { one: 'every other app version', many: 'other app versions' },
  model: { one: 'every other model', many: 'other models' },
  country: { one: 'every other country', many: 'other countries' },
};

function siblingsOf({ siblings, before, now, cell }: Finding): string | null {
  if (siblings === null) return null;
  const { one, many } = siblingWords(cell);
  const tolerance = Math.max(Math.abs(now.rate - before.rate) * UNMOVED, UNMOVED_AT_LEAST);
  if (Math.abs(siblings.rate - before.rate) <= tolerance) return `${one} is unchanged`;
  return `${many} ${many.startsWith('other ') ? 'are' : 'is'} at ${rateText(siblings.rate)}`;
}

/** An OS version belongs to its platform: both together narrow by one thing. */
function siblingWords(cell: Cell): { one: string; many: string } {
  const narrowing = Object.entries(cell).flatMap(([dimension, value]) => (value === null ? [] : [dimension]));
  const own = narrowing.filter((dimension) => dimension !== 'platform' || cell.osVersion === null);
  const words = own.length === 1 ? SIBLINGS[own[0] ?? ''] : undefined;
  return words ?? { one: 'everything else', many: 'everything else' };
}

/** The facets by which the Attestations page shows what a finding is about; it has none for a model. */
const CELL_FACETS = ['platform', 'osVersion', 'appVersion', 'country'] as const satisfies readonly Facet[];
const SHORTEST_MS = 60_000;

/** The attestations that a finding is about: its cell and its signal, since it began. */
export function findingHref(finding: Finding, toMs: number): string {
  const fromMs = Math.min(Date.parse(finding.since), toMs - SHORTEST_MS);
  const view: OverviewView = {
    range: { kind: 'absolute', fromMs, toMs },
    apps: [finding.appId],
    facets: {},
  };
  const cell = CELL_FACETS.flatMap((facet) => {
    const value = finding.cell[facet];
    return value === null ? [] : [[facet, value] as const];
  });
  const [kind, verdict] = finding.signal.split(':');
  const signal = kind === 'verdict' && verdict !== undefined ? { verdict } : { threat: finding.signal };
  return attestationsHref(view, { ...Object.fromEntries(cell), ...signal });
}

/** What the rates are counted from, for the curious: "1,107 of 1,141 attestations; before 3 of 1,398". */
export function findingCounts({ now, before }: Finding): string {
  return `${formatCount(now.hits)} of ${plural(now.events, 'attestation')}; before ${formatCount(before.hits)} of ${formatCount(before.events)}`;
}
