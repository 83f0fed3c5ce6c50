import type { RolloutPlan, RolloutStage } from '@/lib/contracts';

/** The stages that a plan has a length for, in their order. */
export const PLANNED_STAGES = ['observe', '1', '10', '50'] as const satisfies readonly RolloutStage[];
export type PlannedStage = (typeof PLANNED_STAGES)[number];

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** How long a stage may be planned to last; `null` seconds: until somebody says so. */
export const HOLDS: readonly { id: string; seconds: number | null; label: string }[] = [
  { id: 'hand', seconds: null, label: 'until somebody goes on' },
  { id: '10m', seconds: 600, label: '10 minutes' },
  { id: '1h', seconds: HOUR, label: '1 hour' },
  { id: '4h', seconds: 4 * HOUR, label: '4 hours' },
  { id: '24h', seconds: DAY, label: '24 hours' },
  { id: '3d', seconds: 3 * DAY, label: '3 days' },
  { id: '7d', seconds: 7 * DAY, label: '7 days' },
];

/** A plan that may be chosen as a whole. */
export const PLANS: readonly { id: string; label: string; plan: RolloutPlan }[] = [
  { id: 'hand', label: 'By hand', plan: { observe: null, '1': null, '10': null, '50': null } },
  {
    id: 'day',
    label: 'Within a day',
    plan: { observe: HOUR, '1': HOUR, '10': 4 * HOUR, '50': 4 * HOUR },
  },
  {
    id: 'week',
    label: 'Within a week',
    plan: { observe: DAY, '1': DAY, '10': DAY, '50': 3 * DAY },
  },
];

/** The choice that a length of a plan is, by its id; an empty text where it is none of them. */
export function holdId(seconds: number | null): string {
  return HOLDS.find((hold) => hold.seconds === seconds)?.id ?? '';
}

/** The form of a guardrail, as it is typed. */
export interface GuardrailForm {
  /** Percentage points. */
  maxIncrease: string;
  minDevices: string;
}

export const USUAL_GUARDRAIL: GuardrailForm = { maxIncrease: '2', minDevices: '50' };

/** The guardrail of a form; a message per field that holds none. */
export function readGuardrail(form: GuardrailForm): {
  guardrail: { maxIncrease: number; minDevices: number };
  problems: Readonly<Partial<Record<keyof GuardrailForm, string>>>;
} {
  const points = numberOf(form.maxIncrease);
  const devices = numberOf(form.minDevices);
  const problems = {
    ...(points >= 0 && points <= 100 ? {} : { maxIncrease: 'State 0 to 100 percentage points.' }),
    ...(Number.isInteger(devices) && devices >= 5 && devices <= 100_000
      ? {}
      : { minDevices: 'State a whole number from 5 to 100,000.' }),
  };
  return { guardrail: { maxIncrease: points / 100, minDevices: devices }, problems };
}

const numberOf = (text: string) => (text.trim() === '' ? Number.NaN : Number(text));
