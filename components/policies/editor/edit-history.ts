import type { Policy } from '@/lib/contracts';
import { isSamePolicy, withPart } from './policy-parts';

/** Steps that can be taken back. */
const MOST_STEPS = 200;

/** What is being edited, with what was before and what was taken back. */
export interface EditHistory {
  past: readonly Policy[];
  present: Policy;
  future: readonly Policy[];
  /** Path that the last edit typed into: the next one at the same path is part of the same step. */
  typing: string | null;
}

export type EditAct =
  /** Sets one part. `typing`: one of many keystrokes, which are taken back together. */
  | { kind: 'set'; path: string; value: unknown; typing?: boolean }
  /** Replaces the whole policy as one step. */
  | { kind: 'replace'; policy: Policy }
  | { kind: 'undo' }
  | { kind: 'redo' }
  /** A field was left: what is typed next is a step of its own. */
  | { kind: 'settle' }
  /** Starts anew from a policy, without a way back. */
  | { kind: 'reset'; policy: Policy };

export function startHistory(policy: Policy): EditHistory {
  return { past: [], present: policy, future: [], typing: null };
}

/** One step of the editor. An edit that changes nothing is no step. */
export function editReducer(history: EditHistory, act: EditAct): EditHistory {
  const { past, present, future } = history;
  switch (act.kind) {
    case 'set': {
      const next = withPart(present, act.path, act.value);
      const typing = act.typing === true ? act.path : null;
      if (isSamePolicy(next, present)) return history;
      const isContinued = typing !== null && typing === history.typing;
      return { past: isContinued ? past : stepped(past, present), present: next, future: [], typing };
    }
    case 'replace':
      if (isSamePolicy(act.policy, present)) return history;
      return { past: stepped(past, present), present: act.policy, future: [], typing: null };
    case 'undo': {
      const last = past.at(-1);
      if (last === undefined) return history;
      return { past: past.slice(0, -1), present: last, future: [present, ...future], typing: null };
    }
    case 'redo': {
      const [next, ...later] = future;
      if (next === undefined) return history;
      return { past: stepped(past, present), present: next, future: later, typing: null };
    }
    case 'settle':
      return history.typing === null ? history : { ...history, typing: null };
    case 'reset':
      return startHistory(act.policy);
  }
}

function stepped(past: readonly Policy[], present: Policy): readonly Policy[] {
  return [...past, present].slice(-MOST_STEPS);
}
