import type { DecisionOutcome } from '@/lib/contracts';

/** One row of `request_events`: a request that was refused, or would have been under `enforce`. */
export interface RequestEvent {
  readonly receivedAtMs: number;
  readonly id: string;
  readonly appId: string | null;
  readonly apiId: string;
  readonly instanceId: string | null;
  readonly outcome: DecisionOutcome;
  readonly isEnforced: boolean;
  readonly networkKind: string;
  readonly country: string | null;
  readonly asn: number | null;
  readonly networkPrefix: string;
  readonly addressHash: Buffer;
}

/** Decisions to be added to one row of `request_rollup_minutes` or `request_rollup_hours`. */
export interface RequestDelta {
  readonly appId: string;
  readonly bucketMs: number;
  readonly apiId: string;
  readonly outcome: DecisionOutcome;
  readonly networkKind: string;
  requests: number;
}
