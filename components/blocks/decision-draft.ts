import type { BlockEffect, BlockPreviewQuery, BlockScope } from '@/lib/contracts';
import { coversAny, type DecisionRights } from './block-rights';
import type { DecisionDraft } from './decision-queries';

/** The form of a decision, as it is typed. */
export interface DecisionForm {
  effect: BlockEffect;
  scope: BlockScope;
  /** Empty for every app. */
  appId: string;
  target: string;
  /** Seconds; `null`: until it is lifted. */
  durationSeconds: number | null;
  owner: string;
  /** Empty where it is of none. */
  incident: string;
  reason: string;
}

export const EMPTY_FORM: DecisionForm = {
  effect: 'refuse',
  scope: 'network',
  appId: '',
  target: '',
  durationSeconds: 86_400,
  owner: '',
  incident: '',
  reason: '',
};

/** Scopes whose target says which app it is of. */
const NAMES_ITS_APP: ReadonlySet<BlockScope> = new Set(['instance', 'app']);

/** Whether the form asks for an app. */
export function asksForApp({ scope }: DecisionForm): boolean {
  return !NAMES_ITS_APP.has(scope);
}

const appOf = (form: DecisionForm) => (asksForApp(form) && form.appId !== '' ? form.appId : null);

/** What is asked about the form before it is sent. */
export function previewOf(form: DecisionForm): BlockPreviewQuery {
  const appId = appOf(form);
  return {
    scope: form.scope,
    target: form.target.trim(),
    effect: form.effect,
    ...(appId === null ? {} : { appId }),
  };
}

/** The form as the API takes it. An allowlist entry always ends. */
export function draftOf(form: DecisionForm): DecisionDraft {
  const about = {
    scope: form.scope,
    target: form.target.trim(),
    appId: appOf(form),
    reason: form.reason.trim(),
    incident: incidentOf(form.incident),
  };
  return form.effect === 'allow'
    ? {
        ...about,
        effect: 'allow',
        owner: form.owner.trim(),
        durationSeconds: form.durationSeconds ?? LONGEST_SECONDS,
      }
    : { ...about, effect: form.effect, durationSeconds: form.durationSeconds };
}

/** An incident as it was typed, as the API takes it. */
export function incidentOf(typed: string): string | null {
  return typed.trim() === '' ? null : typed.trim();
}

const LONGEST_SECONDS = 365 * 86_400;

/** Kinds of decisions that somebody may make at all. */
export function effectsFor(rights: DecisionRights): BlockEffect[] {
  const mayBlock = coversAny(rights.wide) || coversAny(rights.devices);
  return [
    ...(mayBlock ? (['refuse', 'simulate'] as const) : []),
    ...(coversAny(rights.allow) ? (['allow'] as const) : []),
  ];
}
