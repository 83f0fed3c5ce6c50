import { createContext, useContext } from 'react';
import type { Policy } from '@/lib/contracts';
import { isSame, partOf } from './policy-parts';

/** What is wrong with the policy, by the path of the request. */
export type PolicyProblems = Readonly<Record<string, string>>;

/** What every field of the editor needs. */
export interface EditContext {
  policy: Policy;
  inForce: Policy;
  baseline: Policy | null;
  problems: PolicyProblems;
  isReadOnly: boolean;
  /** Sets a part; `typing` for one of many keystrokes. */
  set: (path: string, value: unknown, typing?: boolean) => void;
  /** A field was left. */
  settle: () => void;
}

const Context = createContext<EditContext | null>(null);
export const EditProvider = Context.Provider;

export function useEdit(): EditContext {
  const context = useContext(Context);
  if (context === null) throw new TypeError('There is no editor around this field.');
  return context;
}

/** A part with how it stands to the version in force and to the baseline. */
export function usePart(path: string) {
  const { policy, inForce, baseline, problems, set, settle, isReadOnly } = useEdit();
  const meant = (some: Policy) => partOf(some, path) ?? (path.startsWith('threats.') ? 'observe' : null);
  const value = partOf(policy, path);
  return {
    ...{ value, settle, isReadOnly },
    problem: problemAt(problems, policy, path),
    isChanged: !isSame(meant(policy), meant(inForce)),
    isOverride: baseline === null ? null : !isSame(meant(policy), meant(baseline)),
    /** What the baseline says, where it is one word. */
    baselineWord: baseline === null ? null : oneWord(meant(baseline)),
    takeBaseline: () => {
      if (baseline !== null) set(path, partOf(baseline, path));
    },
    set: (next: unknown, typing = false) => set(path, next, typing),
  };
}

const oneWord = (value: unknown) => (typeof value === 'string' ? value : null);

const PREFIX = 'policy.';

/** What is wrong at a path or below it. Items of lists, which paths name by id, are counted by the server. */
export function problemAt(problems: PolicyProblems, policy: Policy, path: string): string | undefined {
  const [member = '', id = '', ...rest] = path.split('.');
  const list = member === 'conditions' || member === 'rules' ? (policy[member] ?? []) : null;
  const index = list?.findIndex((item) => item.id === id);
  const at = PREFIX + (index === undefined ? path : [member, index, ...rest].join('.'));
  const found = Object.entries(problems).find(([key]) => key === at || key.startsWith(`${at}.`));
  if (found === undefined) return undefined;
  const [key, message] = found;
  return key === at ? message : `${key.slice(at.length + 1)} ${message}`;
}

/** Every problem with its path within the policy. */
export function listProblems(problems: PolicyProblems): { path: string; message: string }[] {
  return Object.entries(problems).map(([path, message]) => ({
    path: path.startsWith(PREFIX) ? path.slice(PREFIX.length) : path,
    message,
  }));
}
