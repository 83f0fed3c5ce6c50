import {
  DEVICE_LABELS,
  type IntegrityClaims,
  type IntegrityRequirements,
  type ThreatId,
} from '@/lib/contracts';
import type { JudgedIntegrity } from './input';
import { judgedIntegrity } from './judged-integrity';

/** A verified Play Integrity verdict with its age when it is judged; `null` where there is none. */
interface AgedIntegrity {
  readonly integrity: JudgedIntegrity | null;
  readonly ageSeconds: number;
}

/** One way in which a Play Integrity verdict misses what a policy asks of it. */
export interface IntegrityRule {
  readonly threat: ThreatId;
  inForce(requirements: IntegrityRequirements): boolean;
  missed(judged: AgedIntegrity, requirements: IntegrityRequirements): boolean;
  reason(requirements: IntegrityRequirements): string;
}

const ALWAYS = () => true;

/** A rule about a verdict that is there; whether one is there at all is the first rule's question. */
function ofVerdict(
  threat: ThreatId,
  inForce: IntegrityRule['inForce'],
  missed: (integrity: JudgedIntegrity, requirements: IntegrityRequirements) => boolean,
  reason: IntegrityRule['reason'],
): IntegrityRule {
  return {
    threat,
    inForce,
    missed: ({ integrity }, requirements) => integrity !== null && missed(integrity, requirements),
    reason,
  };
}

/** What an app access risk lets another app do, by the end of its label. */
const THREAT_OF_ACCESS: readonly (readonly [suffix: string, threat: ThreatId, reason: string])[] = [
  ['_CAPTURING', 'screen_recording', 'Another app may capture the screen (Play Integrity).'],
  ['_CONTROLLING', 'automation', 'Another app may control the device (Play Integrity).'],
  ['_OVERLAYS', 'malware', 'Another app may draw over the screen (Play Integrity).'],
  ['_INSTALLED', 'malware', 'Apps are installed that the policy does not accept (Play Integrity).'],
];

/** Whether the verdict is `null` in this member, or names a refused access that ends so. */
function hasRefusedAccess(suffix: string) {
  return ({ appsDetected }: JudgedIntegrity, { refusedAppAccess }: IntegrityRequirements) => {
    const refused = refusedAppAccess.filter((access) => access.endsWith(suffix));
    return refused.length > 0 && (appsDetected === null || refused.some((one) => appsDetected.includes(one)));
  };
}

/** Every rule, in the order in which a threat's first rule gives its reason. */
export const INTEGRITY_RULES: readonly IntegrityRule[] = [
  {
    threat: 'integrity_verdict_low',
    inForce: ALWAYS,
    missed: ({ integrity, ageSeconds }, { maxAgeSeconds }) =>
      integrity === null || !(ageSeconds <= maxAgeSeconds),
    reason: ({ maxAgeSeconds }) => `There is no Play Integrity verdict of the last ${maxAgeSeconds} s.`,
  },
  ofVerdict(
    'integrity_verdict_low',
    ({ deviceLabel }) => deviceLabel !== null,
    ({ deviceLabels }, { deviceLabel }) =>
      deviceLabel !== null && !deviceLabels.includes(DEVICE_LABELS[deviceLabel]),
    ({ deviceLabel }) => `The device has no ${deviceLabel === null ? '' : DEVICE_LABELS[deviceLabel]}.`,
  ),
  ofVerdict(
    'integrity_verdict_low',
    ({ minSdkVersion }) => minSdkVersion !== null,
    ({ sdkVersion }, { minSdkVersion }) => !(sdkVersion !== null && sdkVersion >= (minSdkVersion ?? 0)),
    ({ minSdkVersion }) => `The Android SDK version is below ${minSdkVersion}, or was not evaluated.`,
  ),
  ofVerdict(
    'integrity_verdict_low',
    ({ maxActivityLevel }) => maxActivityLevel !== null,
    ({ activityLevel }, { maxActivityLevel }) =>
      !(activityLevel !== null && activityLevel <= (maxActivityLevel ?? 0)),
    ({ maxActivityLevel }) =>
      `The device asked for more verdicts lately than LEVEL_${maxActivityLevel}, or that was not evaluated.`,
  ),
  ofVerdict(
    'app_integrity',
    ({ recognized }) => recognized,
    ({ isRecognized }) => !isRecognized,
    () => 'Google Play does not recognise the app.',
  ),
  ofVerdict(
    'unofficial_store',
    ({ licensed }) => licensed,
    ({ isLicensed }) => !isLicensed,
    () => 'The user did not get the app from Google Play.',
  ),
  ofVerdict(
    'malware',
    ({ playProtect }) => playProtect !== null,
    (found, { playProtect }) => !playProtect?.some((accepted) => accepted === found.playProtect),
    () => 'Play Protect found a risk, or did not look.',
  ),
  ...THREAT_OF_ACCESS.map(([suffix, threat, reason]) =>
    ofVerdict(
      threat,
      ({ refusedAppAccess }) => refusedAppAccess.some((access) => access.endsWith(suffix)),
      hasRefusedAccess(suffix),
      () => reason,
    ),
  ),
];

/** What a verdict misses of requirements, each threat once, with the first reason for it. */
export function integrityMisses(
  claims: IntegrityClaims,
  nowMs: number,
  requirements: IntegrityRequirements,
): { threat: ThreatId; reason: string }[] {
  const { integrity = null, integrityAgeSeconds: ageSeconds = Number.NaN } = judgedIntegrity(claims, nowMs);
  const misses = new Map<ThreatId, string>();
  for (const rule of INTEGRITY_RULES) {
    if (misses.has(rule.threat) || !rule.inForce(requirements)) continue;
    if (rule.missed({ integrity, ageSeconds }, requirements))
      misses.set(rule.threat, rule.reason(requirements));
  }
  return Array.from(misses, ([threat, reason]) => ({ threat, reason }));
}
