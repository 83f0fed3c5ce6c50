import type { ApiError } from '@/components/query/api-error';
import type { Policy, ReplayReport, ReplaySpan } from '@/lib/contracts';

type Report = Extract<ReplayReport, { kind: 'progress' | 'done' }>;

/** What a replay was asked for. */
export interface ReplayQuestion {
  policy: Policy;
  span: ReplaySpan;
  /** Version in force, which it is compared with. */
  against: number;
}

/** How far a replay is. While the next one begins, the figures of the last one stay in sight, marked as such. */
export interface ReplayState {
  status: 'idle' | 'waiting' | 'running' | 'done' | 'cancelled' | 'failed';
  report: Report | null;
  /** What `report` tells of. */
  question: ReplayQuestion | null;
  error: ApiError | null;
}

export type ReplayAct =
  | { kind: 'wait' }
  | { kind: 'report'; report: Report; question: ReplayQuestion }
  | { kind: 'cancel' }
  | { kind: 'fail'; error: ApiError }
  | { kind: 'clear' };

export const NO_REPLAY: ReplayState = { status: 'idle', report: null, question: null, error: null };

export function replayReducer(state: ReplayState, act: ReplayAct): ReplayState {
  switch (act.kind) {
    case 'wait':
      return { ...state, status: 'waiting', error: null };
    case 'report':
      return {
        status: act.report.kind === 'done' ? 'done' : 'running',
        ...{ report: act.report, question: act.question, error: null },
      };
    case 'cancel':
      return state.status === 'waiting' || state.status === 'running'
        ? { ...state, status: 'cancelled' }
        : state;
    case 'fail':
      return { ...state, status: 'failed', error: act.error };
    case 'clear':
      return NO_REPLAY;
  }
}
