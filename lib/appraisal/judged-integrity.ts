import {
  APP_ACCESS_RISKS,
  DEVICE_LABELS,
  type IntegrityClaims,
  PLAY_PROTECT_VERDICTS,
} from '@/lib/contracts';
import type { AppraisalInput, JudgedIntegrity } from './input';

const DEVICE = Object.values(DEVICE_LABELS);
/** A label that nobody knows satisfies nothing, and is left out. */
const known = <Label extends string>(labels: readonly Label[], named: readonly string[]) =>
  labels.filter((label) => named.includes(label));
const LEVEL = /^LEVEL_([1-4])$/;

/** What an appraisal reads of a Play Integrity verdict, and how old the verdict is; nothing where there is none. */
export function judgedIntegrity(
  claims: IntegrityClaims | null,
  nowMs: number,
): Pick<AppraisalInput, 'integrity' | 'integrityAgeSeconds'> {
  if (claims === null) return {};
  const { recognition, licensing, playProtect, appsDetected, sdkVersion } = claims;
  const level = LEVEL.exec(claims.activityLevel ?? '')?.[1];
  const integrity: JudgedIntegrity = {
    deviceLabels: known(DEVICE, claims.deviceLabels),
    sdkVersion,
    activityLevel: level === undefined ? null : Number(level),
    isRecognized: recognition === 'PLAY_RECOGNIZED',
    isLicensed: licensing === 'LICENSED',
    playProtect: PLAY_PROTECT_VERDICTS.find((verdict) => verdict === playProtect) ?? null,
    appsDetected: appsDetected === null ? null : known(APP_ACCESS_RISKS, appsDetected),
  };
  // Whole seconds, rounded up, are within a bound of whole seconds exactly where the age itself is.
  return { integrity, integrityAgeSeconds: Math.max(0, Math.ceil((nowMs - claims.requestedAtMs) / 1000)) };
}
