import type { Cell, Condition, VersionRange } from '@/lib/contracts';

/** A signal that may be put into quarantine. */
export interface DemotableThreat {
  id: string;
  title: string;
}

/** The form of a quarantine, as it is typed; an empty text states nothing. */
export interface QuarantineForm {
  threat: string;
  platform: '' | 'ios' | 'android';
  osFrom: string;
  osBelow: string;
  appFrom: string;
  appBelow: string;
  /** Names of models, one per line: they may hold commas. */
  models: string;
  durationSeconds: number;
  reason: string;
}

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** How long a quarantine may last, as it is offered. */
export const QUARANTINE_DURATIONS: readonly { id: string; seconds: number; label: string }[] = [
  { id: '1h', seconds: HOUR, label: '1 hour' },
  { id: '4h', seconds: 4 * HOUR, label: '4 hours' },
  { id: '24h', seconds: DAY, label: '24 hours' },
  { id: '3d', seconds: 3 * DAY, label: '3 days' },
  { id: '7d', seconds: 7 * DAY, label: '7 days' },
  { id: '30d', seconds: 30 * DAY, label: '30 days' },
];

export const EMPTY_QUARANTINE: QuarantineForm = {
  threat: '',
  platform: '',
  osFrom: '',
  osBelow: '',
  appFrom: '',
  appBelow: '',
  models: '',
  durationSeconds: DAY,
  reason: '',
};

/** To what a form applies; `null` where it states nothing: a quarantine of everything would be an edit of the policy. */
export function conditionOf(form: QuarantineForm): Condition | null {
  const models = form.models
    .split('\n')
    .map((model) => model.trim())
    .filter((model) => model !== '');
  const osVersion = rangeOf(form.osFrom, form.osBelow);
  const appVersion = rangeOf(form.appFrom, form.appBelow);
  const condition = {
    ...(form.platform === '' ? {} : { platform: form.platform }),
    ...(osVersion === null ? {} : { osVersion }),
    ...(appVersion === null ? {} : { appVersion }),
    ...(models.length === 0 ? {} : { models }),
  };
  return Object.keys(condition).length === 0 ? null : condition;
}

function rangeOf(from: string, below: string): VersionRange | null {
  const range = {
    ...(from.trim() === '' ? {} : { from: from.trim() }),
    ...(below.trim() === '' ? {} : { below: below.trim() }),
  };
  return Object.keys(range).length === 0 ? null : range;
}

/** The server's complaints by the field of the form that they are about. */
export function quarantineProblems(
  fields: Readonly<Record<string, string>>,
): Readonly<Partial<Record<'osVersion' | 'appVersion' | 'models' | 'threat' | 'reason', string>>> {
  const problems: Record<string, string> = {};
  for (const [path, message] of Object.entries(fields)) {
    const member = path.startsWith('when.') ? path.split('.')[1] : path;
    if (member !== undefined) problems[member] ??= message;
  }
  return problems;
}

const VERSION = /^\d{1,9}(?:\.\d{1,9}){0,5}/;

/** The range of all versions that begin with this one: `26.6.1` gives `26.6.1` to below `26.6.2`. */
export function rangeOfVersion(version: string | null): { from: string; below: string } {
  const from = version === null ? undefined : VERSION.exec(version)?.[0];
  if (from === undefined) return { from: '', below: '' };
  const numbers = from.split('.').map(Number);
  const last = numbers.pop() ?? 0;
  return { from, below: [...numbers, last + 1].join('.') };
}

/** The form of a cell in which a signal jumped: exactly what the cell states. A country is no part of it. */
export function formOfCell(threat: string, cell: Cell): QuarantineForm {
  const [os, app] = [rangeOfVersion(cell.osVersion), rangeOfVersion(cell.appVersion)];
  return {
    ...EMPTY_QUARANTINE,
    threat,
    platform: cell.platform === 'ios' || cell.platform === 'android' ? cell.platform : '',
    ...{ osFrom: os.from, osBelow: os.below, appFrom: app.from, appBelow: app.below },
    models: cell.model ?? '',
  };
}

/** Remaining time of something that ends by itself: "3 h 12 min", "48 s". */
export function remainingWords(expiresAt: string, nowMs: number): string {
  const seconds = Math.max(0, Math.ceil((Date.parse(expiresAt) - nowMs) / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.round(hours / 24)} days`;
}
