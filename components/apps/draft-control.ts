import type { AppDraft } from './app-draft';
import type { FieldProblems } from './field-errors';

/** What each part of the registration form is given. */
export interface DraftControl {
  draft: AppDraft;
  /** What the server found wrong with the draft when it was sent last. */
  problems: FieldProblems;
  set: <Key extends keyof AppDraft>(key: Key, value: AppDraft[Key]) => void;
}
