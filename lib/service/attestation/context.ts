import type { BlockHits } from '@/lib/blocks';
import type { AppConfig, ThreatId } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import type { DatabaseClock } from '@/lib/db';
import { STALE_AFTER_MS } from '@/lib/relying-party';
import type { ChallengeCounter } from '@/lib/telemetry';
import type { SigningKey } from '@/lib/tokens/signing';
import type { NetworkReader } from '../address';
import type { KeyDelivery } from '../api-keys/delivery';
import { type ChallengeCheck, checkChallenge } from '../challenges';
import type { IntegrityTools } from '../integrity/verify-integrity';
import type { SnapshotFollower } from '../snapshot/follow';
import type { AppEntry, Snapshot } from '../snapshot/state';
import type { GroupCommit } from './group-commit';
import type { InstanceLoader } from './instance-loader';
import type { RuleFailures } from './rule-failures';

/** What the attestation routes work with. */
export interface AttestationContext {
  readonly issuer: string;
  readonly build: string;
  readonly clock: DatabaseClock;
  readonly follower: SnapshotFollower;
  readonly challengeKey: Buffer;
  readonly networks: NetworkReader;
  readonly commits: GroupCommit;
  readonly instances: InstanceLoader;
  /** Challenges issued so far, for the record. */
  readonly challenges: ChallengeCounter;
  /** Gives attested instances their API keys. */
  readonly keyDelivery: KeyDelivery;
  /** What blocks and allowlist entries met, for the record. */
  readonly hits: BlockHits;
  /** What Play Integrity tokens are verified with. */
  readonly integrity: IntegrityTools;
  /** Key under which raw evidence is archived. */
  readonly archiveKey: Uint8Array;
  /** Told of rules of a policy that could not be evaluated. */
  readonly ruleFailures: RuleFailures;
  /** The key that signs now; `undefined` where there is none. */
  signingKey(): SigningKey | undefined;
  /** The app's configuration, signed. */
  signedConfig(entry: AppEntry): SignedConfig;
}

/** A signed configuration with the entity tag of its content. */
export interface SignedConfig {
  readonly jws: string;
  readonly etag: string;
  readonly config: AppConfig;
}

/** @throws AppError `app_not_found` */
export function requireApp(snapshot: Snapshot, appId: string): AppEntry {
  const entry = snapshot.apps.get(appId);
  if (entry === undefined) throw new AppError('app_not_found');
  return entry;
}

/**
 * Refuses where nothing may be issued: no signing key, or a view that is too old for this app.
 * @throws AppError `service_unavailable`, `snapshot_stale`
 */
export function requireAbleToIssue(context: AttestationContext, entry: AppEntry): void {
  if (context.signingKey() === undefined) throw new AppError('service_unavailable');
  if (entry.app.onStale === 'strict' && context.follower.ageMs > STALE_AFTER_MS) {
    throw new AppError('snapshot_stale');
  }
}

const WHY_NOT: Readonly<Record<Extract<ChallengeCheck, { ok: false }>['why'], string>> = {
  malformed: 'The challenge is not one of ours.',
  forged: 'The challenge was not issued by this installation for this app.',
  expired: 'The challenge had expired.',
};

/** A challenge that was looked at, with the check for the record. */
export function inspectChallenge(
  context: AttestationContext,
  appId: string,
  challenge: string,
  nowMs: number,
) {
  const result = checkChallenge(context.challengeKey, appId, challenge, nowMs);
  return result.ok
    ? {
        use: { digest: result.digest, expiresAtMs: result.expiresAtMs },
        check: {
          id: 'challenge',
          outcome: 'pass',
          detail: 'The challenge is ours, for this app, and in time.',
        } as const,
        threats: NO_THREATS,
      }
    : {
        use: null,
        check: { id: 'challenge', outcome: 'fail', detail: WHY_NOT[result.why] } as const,
        threats: REUSED,
      };
}

const NO_THREATS: readonly ThreatId[] = [];
/** Whoever comes with an old or a made-up challenge presents evidence that was not made for this moment. */
const REUSED: readonly ThreatId[] = ['challenge_replayed'];
