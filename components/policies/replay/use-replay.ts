'use client';

import { useCallback, useEffect, useReducer, useRef } from 'react';
import { toApiError } from '@/components/query/api-error';
import { isSamePolicy } from '../editor/policy-parts';
import { policyPath } from '../policy-queries';
import { readReports } from './read-reports';
import { NO_REPLAY, type ReplayQuestion, replayReducer } from './replay-state';

/** How long nothing must have been edited before the next replay begins. */
const AFTER_EDIT_MS = 500;
/** Others may be running, among them one of ours that is just ending. */
const AGAIN_AFTER_MS = 1_000;
const MOST_TRIES = 5;

/** Replays a policy, anew whenever it or the span changes, unless `isPaused`. Leaving the page ends the replay. */
export function useReplay(id: string, { policy, span, against }: ReplayQuestion, isPaused: boolean) {
  const [state, act] = useReducer(replayReducer, NO_REPLAY);
  const running = useRef<AbortController>(undefined);
  const asked = useRef<ReplayQuestion>(undefined);

  const start = useCallback(
    async (question: ReplayQuestion) => {
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      asked.current = question;
      act({ kind: 'wait' });
      try {
        const response = await ask(id, question, controller.signal);
        for await (const report of readReports(response)) {
          if (controller.signal.aborted) return;
          act({ kind: 'report', report, question });
        }
      } catch (error) {
        if (!controller.signal.aborted) act({ kind: 'fail', error: toApiError(error) });
      }
    },
    [id],
  );
  const cancel = useCallback(() => {
    running.current?.abort();
    act({ kind: 'cancel' });
  }, []);

  useEffect(() => {
    if (isPaused) return;
    const isAsked =
      asked.current !== undefined &&
      isSamePolicy(asked.current.policy, policy) &&
      asked.current.span === span &&
      asked.current.against === against;
    if (isAsked) return;
    const timer = setTimeout(
      () => void start({ policy, span, against }),
      asked.current === undefined ? 0 : AFTER_EDIT_MS,
    );
    return () => clearTimeout(timer);
  }, [policy, span, against, isPaused, start]);
  useEffect(
    () => () => {
      running.current?.abort();
      asked.current = undefined;
    },
    [],
  );

  const isOf = (question: ReplayQuestion | null) =>
    question !== null &&
    question.span === span &&
    question.against === against &&
    isSamePolicy(question.policy, policy);
  return {
    state,
    isCurrent: isOf(state.question),
    start: () => void start({ policy, span, against }),
    cancel,
  };
}

/** Asks for a replay; where others are running, a few times. */
async function ask(id: string, { policy, span }: ReplayQuestion, signal: AbortSignal): Promise<Response> {
  for (let tries = 1; ; tries++) {
    const response = await fetch(`${policyPath(id)}/replay`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/x-ndjson' },
      credentials: 'same-origin',
      body: JSON.stringify({ id, policy, span }),
      signal,
    });
    if (response.status !== 429 || tries === MOST_TRIES) return response;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
    signal.throwIfAborted();
  }
}
