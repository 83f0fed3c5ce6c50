import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { apiFetch } from '@/components/query/api-fetch';
import { QUERY_ROOTS } from '@/components/query/live-invalidation';
import type {
  PolicyRevert,
  PolicyReverted,
  PolicySettings,
  PolicySettingsChange,
  Rollout,
  RolloutAdvance,
  RolloutShadow,
  RolloutStart,
  RolloutStop,
} from '@/lib/contracts';
import { policyPath } from '../policy-queries';

/** Figures of an open rollout move with the attestations; the guardrail looks as often. */
const MOVING_MS = 2_000;
const rolloutPath = (id: string) => `/api/console/rollouts/${encodeURIComponent(id)}`;

/** Rollouts of an app, newest first. Every act on one is told by the live stream; its figures are asked for while it is open. */
export function rolloutsQuery(appId: string) {
  return queryOptions({
    queryKey: [QUERY_ROOTS.policies, appId, 'rollouts'] as const,
    queryFn: ({ signal }) => apiFetch<{ rollouts: Rollout[] }>(`${policyPath(appId)}/rollouts`, { signal }),
    refetchInterval: ({ state }) =>
      state.data?.rollouts.some((rollout) => rollout.state === 'open') === true ? MOVING_MS : false,
  });
}

/** What both versions said of the attestations of a rollout's present stage. */
export function shadowQuery({ id, stage }: Pick<Rollout, 'id' | 'stage'>) {
  return queryOptions({
    queryKey: [QUERY_ROOTS.policies, 'shadow', id, stage] as const,
    queryFn: ({ signal }) => apiFetch<RolloutShadow>(`${rolloutPath(id)}/shadow`, { signal }),
    refetchInterval: MOVING_MS * 2,
  });
}

/** A mutation after which everything that shows policies is read again; nobody waits for it. */
function useAct<Input, Output>(send: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSettled: () => {
      void client.invalidateQueries({ queryKey: [QUERY_ROOTS.policies] });
      void client.invalidateQueries({ queryKey: [QUERY_ROOTS.apps] });
    },
  });
}

const post = <Output>(path: string, body: unknown) => apiFetch<Output>(path, { method: 'POST', body });

/** Publishes the draft in stages. The answer says that it is committed: its `seq` leads to the proof of enforcement. */
export function useStartRollout() {
  return useAct(({ id, ...body }: RolloutStart) => post<Rollout>(`${policyPath(id)}/rollouts`, body));
}

/** Goes to the next stage; the same holds. */
export function useAdvanceRollout() {
  return useAct(({ id, ...body }: RolloutAdvance) => post<Rollout>(`${rolloutPath(id)}/advance`, body));
}

/** Ends a rollout and reverts what it did; the same holds. */
export function useStopRollout() {
  return useAct(({ id, ...body }: RolloutStop) => post<Rollout>(`${rolloutPath(id)}/stop`, body));
}

/** Puts an earlier version into force again; the same holds. */
export function useRevertPolicy() {
  return useAct(({ id, ...body }: PolicyRevert) => post<PolicyReverted>(`${policyPath(id)}/revert`, body));
}

/** Sets what an app asks for before a policy is published. */
export function useChangeSettings() {
  return useAct(({ id, ...body }: PolicySettingsChange) =>
    apiFetch<PolicySettings>(`${policyPath(id)}/settings`, { method: 'PUT', body }),
  );
}
