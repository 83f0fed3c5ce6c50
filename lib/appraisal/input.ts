import {
  type APP_ACCESS_RISKS,
  compareVersionNumbers,
  type DEVICE_LABELS,
  type EvidenceClaims,
  type EvidenceCode,
  type MinimumVersions,
  type NetworkKind,
  type PLAY_PROTECT_VERDICTS,
  type Platform,
  type ThreatId,
  versionNumbers,
} from '@/lib/contracts';

/** What the app says of itself and its device, and where the attestation came from. */
export interface ClientFacts {
  readonly platform: Platform | 'unknown';
  readonly appVersion: string;
  readonly osVersion: string;
  readonly model: string;
  /** ISO 3166-1 alpha-2; `null` where it is not known. */
  readonly country: string | null;
  readonly networkKind: NetworkKind | string;
}

/** What an appraisal reads of a verified Play Integrity verdict; `null` where Google did not evaluate it. */
export interface JudgedIntegrity {
  readonly deviceLabels: readonly (typeof DEVICE_LABELS)[keyof typeof DEVICE_LABELS][];
  readonly sdkVersion: number | null;
  /** 1 (fewest verdicts lately) to 4. */
  readonly activityLevel: number | null;
  readonly isRecognized: boolean;
  readonly isLicensed: boolean;
  readonly playProtect: (typeof PLAY_PROTECT_VERDICTS)[number] | null;
  readonly appsDetected: readonly (typeof APP_ACCESS_RISKS)[number][] | null;
}

/** Everything that is known about one attestation when it is judged. */
export interface AppraisalInput {
  readonly client: ClientFacts;
  /** Claims of verified evidence (on an attestation: those of the enrolment); `null` where there are none. */
  readonly claims: JudgedClaims | null;
  /** Why the verification failed, if it did. */
  readonly failure: EvidenceCode | null;
  /** Findings of the app itself, as `readSignals` gives them. */
  readonly runtimeThreats: readonly ThreatId[];
  /** Findings of the service: `blocked`, `challenge_replayed`, `hosting_network`… */
  readonly serverThreats: readonly ThreatId[];
  readonly appVersion: {
    readonly registered: boolean;
    readonly withdrawn: boolean;
    /** Older than the emergency minimum. */
    readonly belowMinimum?: boolean;
  };
  /** The newest verified Play Integrity verdict of the device; absent where there is none. */
  readonly integrity?: JudgedIntegrity;
  /** Age of that verdict, in seconds. */
  readonly integrityAgeSeconds?: number;
  /** Age of the hardware evidence behind `claims`, in seconds. */
  readonly evidenceAgeSeconds: number;
  readonly nowMs: number;
}

/** The claims that an appraisal reads. */
export type JudgedClaims = Pick<
  EvidenceClaims,
  'platform' | 'environment' | 'securityLevel' | 'osPatchLevel' | 'attestedKeys'
> & { readonly boot: Pick<NonNullable<EvidenceClaims['boot']>, 'deviceLocked' | 'state'> | null };

/** Whether an app version is older than the emergency minimum of its platform. One that cannot be compared is. */
export function isBelowMinimum(minimum: MinimumVersions, platform: string, appVersion: string): boolean {
  if (minimum.ios === null && minimum.android === null) return false;
  // Whoever does not say which platform they are on gets past neither.
  const bound = platform === 'ios' || platform === 'android' ? minimum[platform] : '999999999';
  if (bound === null) return false;
  const numbers = numbersOf(appVersion);
  return numbers === null || compareVersionNumbers(numbers, numbersOf(bound) ?? []) < 0;
}

const MOST_REMEMBERED = 4_096;
const remembered = new Map<string, readonly number[] | null>();

/** `versionNumbers`, remembered: few versions are current at a time. */
export function numbersOf(version: string): readonly number[] | null {
  const known = remembered.get(version);
  if (known !== undefined) return known;
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  const numbers = versionNumbers(version);
  remembered.set(version, numbers);
  return numbers;
}
