import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { apiFetch, withParams } from '@/components/query/api-fetch';
import { QUERY_ROOTS } from '@/components/query/live-invalidation';
import type {
  BlastRadius,
  BlastRadiusQuery,
  EmergencyChanged,
  EmergencyState,
  KillSwitch,
  MinimumVersionsChange,
} from '@/lib/contracts';

const emergencyPath = (id: string) => `/api/console/apps/${encodeURIComponent(id)}/emergency`;

/** The switches of an app. */
export function emergencyQuery(id: string) {
  return queryOptions({
    queryKey: [QUERY_ROOTS.policies, id, 'emergency'] as const,
    queryFn: ({ signal }) => apiFetch<EmergencyState>(emergencyPath(id), { signal }),
  });
}

/** What a switch would have met in the last 24 hours: the whole app where no version is stated. */
export function radiusQuery({ id, ...versions }: BlastRadiusQuery) {
  return queryOptions({
    queryKey: [QUERY_ROOTS.policies, id, 'radius', versions] as const,
    queryFn: ({ signal }) =>
      apiFetch<BlastRadius>(withParams(`${emergencyPath(id)}/radius`, versions), { signal }),
    retry: false,
  });
}

/** A mutation after which everything that shows the switches is read again; nobody waits for it. */
function useAct<Input, Output>(send: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSettled: () => {
      for (const root of [QUERY_ROOTS.policies, QUERY_ROOTS.blocks, QUERY_ROOTS.apps]) {
        void client.invalidateQueries({ queryKey: [root] });
      }
    },
  });
}

/** Throws the kill switch or lifts it. The answer says that it is committed: its `seq` leads to the proof of enforcement. */
export function useKillSwitch() {
  return useAct(({ id, ...body }: KillSwitch) =>
    apiFetch<EmergencyChanged>(`${emergencyPath(id)}/kill-switch`, { method: 'POST', body }),
  );
}

/** Sets the oldest versions that are let in; the same holds. */
export function useMinimumVersions() {
  return useAct(({ id, ...body }: MinimumVersionsChange) =>
    apiFetch<EmergencyChanged>(`${emergencyPath(id)}/minimum-versions`, { method: 'PUT', body }),
  );
}
