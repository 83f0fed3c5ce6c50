import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { apiFetch } from '@/components/query/api-fetch';
import { QUERY_ROOTS } from '@/components/query/live-invalidation';
import type {
  OriginDetail,
  OriginList,
  OriginRegistration,
  OriginView,
  PinAct,
  PinPublication,
  PinsRead,
  RotationAct,
  RotationStart,
  RotationStep,
} from '@/lib/contracts';

const PATH = '/api/console/certificates';
/** While somebody waits for a probe or for a server to switch, and otherwise. */
const SOON_MS = 1_500;
const USUAL_MS = 15_000;

const pathOf = (id: string) => `${PATH}/${encodeURIComponent(id)}`;

/** Whether something is about to be found out: a probe that was asked for, a rotation that goes on. */
function isMoving(origin: OriginView | undefined): boolean {
  return origin !== undefined && (origin.probeRequestedAt !== null || origin.rotation !== null);
}

/** Every origin that the viewer may see, by app and host. */
export function originListQuery() {
  return queryOptions({
    queryKey: [QUERY_ROOTS.certificates, 'list'] as const,
    queryFn: ({ signal }) => apiFetch<OriginList>(PATH, { signal }),
    refetchInterval: ({ state }) => (state.data?.origins.some(isMoving) === true ? SOON_MS : USUAL_MS),
  });
}

/** One origin with its history. */
export function originQuery(id: string) {
  return queryOptions({
    queryKey: [QUERY_ROOTS.certificates, id] as const,
    queryFn: ({ signal }) => apiFetch<OriginDetail>(pathOf(id), { signal }),
    refetchInterval: ({ state }) => (isMoving(state.data) ? SOON_MS : USUAL_MS),
  });
}

/** A mutation after which everything that shows certificates is read again. */
function useAct<Input, Output>(send: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSettled: () => client.invalidateQueries({ queryKey: [QUERY_ROOTS.certificates] }),
  });
}

const post = <Output>(path: string, body: unknown) => apiFetch<Output>(path, { method: 'POST', body });

export function useRegisterOrigin() {
  return useAct((body: OriginRegistration) => post<PinAct>(PATH, body));
}

export function useRemoveOrigin(id: string) {
  return useAct((reason: string) => apiFetch<PinAct>(pathOf(id), { method: 'DELETE', body: { reason } }));
}

export function useProbeNow(id: string) {
  return useAct((_: undefined) => post<{ done: true }>(`${pathOf(id)}/probe`, {}));
}

export function usePublishPins(id: string) {
  return useAct((body: PinPublication) => post<PinAct>(`${pathOf(id)}/pins`, body));
}

export function useStartRotation(id: string) {
  return useAct((body: RotationStart) => post<RotationAct>(`${pathOf(id)}/rotation`, body));
}

export function useStepRotation(id: string) {
  return useAct((body: RotationStep) => post<RotationAct>(`${pathOf(id)}/rotation/step`, body));
}

/** Reads the pins of a pasted text; nothing changes by it. */
export function useReadPins() {
  return useMutation({ mutationFn: (material: string) => post<PinsRead>(`${PATH}/inspect`, { material }) });
}
