import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { apiFetch } from '@/components/query/api-fetch';
import { QUERY_ROOTS } from '@/components/query/live-invalidation';
import type {
  KeyRevocation,
  RevokedKey,
  RotationRequest,
  SigningKeyRotation,
  SigningKeySchedule,
  SigningKeys,
} from '@/lib/contracts';
import { isMoving } from './key-words';

const PATH = '/api/console/signing-keys';
const READ_AGAIN_MS = 30_000;
/** While the service is about to do something: who may not read the audit log hears nothing of it. */
const MOVING_MS = 1_000;

/** Every token-signing key, the newest rotation, and the schedule. */
export function signingKeysQuery() {
  return queryOptions({
    queryKey: [QUERY_ROOTS.signingKeys] as const,
    queryFn: ({ signal }) => apiFetch<SigningKeys>(PATH, { signal }),
    refetchInterval: ({ state }) => (isMoving(state.data) ? MOVING_MS : READ_AGAIN_MS),
  });
}

function useRefresh(): () => void {
  const client = useQueryClient();
  return () => {
    for (const root of [QUERY_ROOTS.signingKeys, QUERY_ROOTS.cutOffs]) {
      void client.invalidateQueries({ queryKey: [root] });
    }
  };
}

/** Asks for a rotation, which the service then performs. */
export function useRotate() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (body: RotationRequest) =>
      apiFetch<SigningKeyRotation>(`${PATH}/rotations`, { method: 'POST', body }),
    onSettled: refresh,
  });
}

/** Revokes a key. The answer says that it is committed, not that it is enforced: its `seq` leads to the proof. */
export function useRevokeKey() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ kid, ...body }: KeyRevocation & { kid: string }) =>
      apiFetch<RevokedKey>(`${PATH}/${encodeURIComponent(kid)}/revoke`, { method: 'POST', body }),
    onSettled: refresh,
  });
}

/** Sets how often a key is rotated by itself. */
export function useSchedule() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (body: SigningKeySchedule) =>
      apiFetch<{ rotateEveryDays: number | null }>(`${PATH}/schedule`, { method: 'PUT', body }),
    onSettled: refresh,
  });
}
