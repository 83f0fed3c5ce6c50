import type { Context } from '@marcbachmann/cel-js';
import type { ThreatId } from '@/lib/contracts';
import type { AppraisalInput } from '../input';
import { patchLevelMs } from '../patch-level';

const DAY_MS = 86_400_000;

/** The variables of `RULE_VARIABLES` for one attestation. What evidence does not claim is absent. */
export function ruleFacts(input: AppraisalInput, threats: readonly ThreatId[]): Context {
  const { client, appVersion } = input;
  return {
    platform: client.platform,
    os_version: client.osVersion,
    app_version: client.appVersion,
    app_version_registered: appVersion.registered && !appVersion.withdrawn,
    model: client.model,
    country: client.country ?? '',
    network_kind: client.networkKind,
    threats,
    claims: claimsOf(input),
  };
}

function claimsOf({ claims, integrity, evidenceAgeSeconds, nowMs }: AppraisalInput): Context {
  const facts: Context = {};
  if (integrity !== undefined) facts.play_labels = integrity.deviceLabels;
  if (typeof claims?.attestedKeys === 'number') facts.attested_keys = BigInt(claims.attestedKeys);
  if (claims === null) return facts;
  facts.environment = claims.environment;
  facts.security_level = claims.securityLevel;
  if (Number.isFinite(evidenceAgeSeconds))
    facts.evidence_age_seconds = BigInt(Math.floor(evidenceAgeSeconds));
  if (claims.boot !== null) {
    facts.device_locked = claims.boot.deviceLocked;
    facts.boot_state = claims.boot.state;
  }
  const patchMs = claims.osPatchLevel === null ? Number.NaN : patchLevelMs(claims.osPatchLevel);
  if (!Number.isNaN(patchMs)) facts.patch_age_days = BigInt(Math.floor((nowMs - patchMs) / DAY_MS));
  return facts;
}
