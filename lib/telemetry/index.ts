export { ChallengeCounter } from './challenge-counter';
export { decodeDetail, encodeDetail } from './detail';
export { foldAbandonedCounts, foldCounts, foldDueCounts } from './fold-counts';
export { latencyBin } from './latency-bins';
export { createWriter, recordAttestations, type WriterMemory } from './record-attestations';
export { type CountedDecision, RequestCounters } from './request-counters';
export type { RequestEvent } from './request-rows';
export type {
  AttestationEvent,
  CommitConflict,
  FailedRule,
  InstanceClaim,
  InstanceEnrolment,
  InstanceState,
  PendingAttestation,
  SettledAttestation,
} from './rows';
export { EVENTS_CHANNEL, notifyEvents, type StoredInstance, selectInstances } from './store';
