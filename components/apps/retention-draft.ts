import type { Retention, RetentionDays, RetentionField } from '@/lib/contracts';
import type { FieldProblems } from './field-errors';

/** Every field, in the order in which it is shown. */
export const FIELDS = ['eventDays', 'minuteDays', 'hourDays', 'addressDays'] as const;

/** Retention as somebody types it, and what was saved when they began. */
export interface RetentionDraft {
  base: Retention;
  texts: Readonly<Record<RetentionField, string>>;
}

/** What is saved, as it stands in the fields. */
export function draftOf(base: Retention): RetentionDraft {
  return { base, texts: textsOf((field) => base.fields[field].days) };
}

/** Every field at what it is by default. */
export function withDefaults({ base }: RetentionDraft): RetentionDraft {
  return { base, texts: textsOf((field) => base.fields[field].defaultDays) };
}

/** Whether every field is at that. */
export function isDefault({ base, texts }: RetentionDraft): boolean {
  return FIELDS.every((field) => !isTyped(texts[field], base.fields[field].defaultDays));
}

/** Whether something else stands in a field than what is saved. */
export function isChanged({ base, texts }: RetentionDraft): boolean {
  return FIELDS.some((field) => isTyped(texts[field], base.fields[field].days));
}

/** The draft on top of what somebody else saved meanwhile: what was typed stays, everything else is as it is now. */
export function rebased({ base, texts }: RetentionDraft, current: Retention): RetentionDraft {
  const now = draftOf(current).texts;
  const kept = (field: RetentionField) =>
    isTyped(texts[field], base.fields[field].days) ? texts[field] : now[field];
  return { base: current, texts: textsOf(kept) };
}

const WHOLE_NUMBER = /^-?\d{1,9}$/;

/** The days as the API takes them, or what is no number. How many there may be, the API says. */
export function readDraft({ texts }: RetentionDraft): { days: RetentionDays } | { problems: FieldProblems } {
  const wrong = FIELDS.filter((field) => !WHOLE_NUMBER.test(texts[field].trim()));
  if (wrong.length > 0) {
    return { problems: Object.fromEntries(wrong.map((field) => [field, 'must be a whole number of days'])) };
  }
  const of = (field: RetentionField) => Number(texts[field]);
  return {
    days: {
      eventDays: of('eventDays'),
      minuteDays: of('minuteDays'),
      hourDays: of('hourDays'),
      addressDays: of('addressDays'),
    },
  };
}

function isTyped(text: string, saved: number): boolean {
  return text.trim() !== String(saved);
}

function textsOf(value: (field: RetentionField) => string | number): RetentionDraft['texts'] {
  return {
    eventDays: String(value('eventDays')),
    minuteDays: String(value('minuteDays')),
    hourDays: String(value('hourDays')),
    addressDays: String(value('addressDays')),
  };
}
