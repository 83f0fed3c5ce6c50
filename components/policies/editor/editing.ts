import type { Policy, PolicyEditor } from '@/lib/contracts';
import { type EditAct, type EditHistory, editReducer, startHistory } from './edit-history';
import { isSamePolicy } from './policy-parts';

/** What an editor starts from: the draft that is saved, or else the version in force. */
export interface EditorStart {
  /** Of the draft; 0 where there is none. */
  revision: number;
  basedOn: number;
  policy: Policy;
}

/** One person's work on a policy. */
export interface Editing {
  start: EditorStart;
  history: EditHistory;
  /** Version in force that the draft is to be published on top of. */
  basedOn: number;
}

export type EditingAct =
  | EditAct
  /** The draft was saved, by me. */
  | { kind: 'saved'; start: EditorStart }
  /** What I made of mine and of what somebody else saved, on top of theirs. */
  | { kind: 'rebase'; start: EditorStart; policy: Policy }
  /** Begins from what is saved. */
  | { kind: 'begin'; start: EditorStart }
  /** The draft is to be published on top of another version. */
  | { kind: 'base'; version: number };

/** What is saved at the server. */
export function startOf({ draft, inForce }: PolicyEditor): EditorStart {
  return draft === null
    ? { revision: 0, basedOn: inForce.version, policy: inForce.policy }
    : { revision: draft.revision, basedOn: draft.basedOn, policy: draft.policy };
}

export function beginEditing(start: EditorStart): Editing {
  return { start, history: startHistory(start.policy), basedOn: start.basedOn };
}

export function editingReducer(editing: Editing, act: EditingAct): Editing {
  switch (act.kind) {
    case 'saved':
      return { ...editing, start: act.start, basedOn: act.start.basedOn };
    case 'rebase':
      return {
        ...{ start: act.start, basedOn: act.start.basedOn },
        history: editReducer(editing.history, { kind: 'replace', policy: act.policy }),
      };
    case 'begin':
      return beginEditing(act.start);
    case 'base':
      return { ...editing, basedOn: act.version };
    default: {
      const history = editReducer(editing.history, act);
      return history === editing.history ? editing : { ...editing, history };
    }
  }
}

/** Whether something is not saved. */
export function isDirty({ start, history, basedOn }: Editing): boolean {
  return basedOn !== start.basedOn || !isSamePolicy(history.present, start.policy);
}

/** Whether what is saved is still what this work began from. */
export function isUpToDate({ start }: Editing, saved: EditorStart): boolean {
  return start.revision === saved.revision && (saved.revision > 0 || start.basedOn === saved.basedOn);
}
