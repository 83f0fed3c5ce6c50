import { type Check, DEVICE_LABELS, type EvidenceClaims, type IntegrityClaims } from '@/lib/contracts';

/** What the sources say of one device at one time. */
export interface Sources {
  /** Key attestation: of this very request, or of the enrolment that it rests on. */
  readonly claims: EvidenceClaims | null;
  /** Whether key attestation and verdict were made with this request, so that what changes over time can be compared. */
  readonly isEnrolment: boolean;
  /** The newest Play Integrity verdict of the device. */
  readonly integrity: IntegrityClaims | null;
  /** Threats that the app found, and those that it looked for and did not find. */
  readonly found: readonly string[];
  readonly clear: readonly string[];
}

/** One pair of statements that cannot both be true of an honest device. */
interface Rule {
  readonly id: string;
  /** What contradicts what, for people. */
  readonly detail: string;
  contradicts(sources: Sources): boolean;
}

const isHardware = ({ claims }: Sources) => claims !== null && claims.securityLevel !== 'software';
const isVerified = ({ claims }: Sources) =>
  claims?.boot?.deviceLocked === true && claims.boot.state === 'verified';
const isUnverified = ({ claims }: Sources) =>
  claims?.boot != null && (!claims.boot.deviceLocked || claims.boot.state !== 'verified');
const has = ({ integrity }: Sources, label: string) => integrity?.deviceLabels.includes(label) === true;
const meetsDevice = (sources: Sources) =>
  has(sources, DEVICE_LABELS.device) || has(sources, DEVICE_LABELS.strong);
const isAndroidKey = ({ claims }: Sources) => claims?.platform === 'android';

/** SDK versions that each Android version reports. What is not listed is not compared. */
const SDK_OF_ANDROID: Readonly<Record<string, readonly number[]>> = {
  '8': [26, 27],
  '9': [28],
  '10': [29],
  '11': [30],
  '12': [31, 32],
  '13': [33],
  '14': [34],
  '15': [35],
  '16': [36],
  '17': [37],
};

function hasOtherSdk({ claims, integrity, isEnrolment }: Sources): boolean {
  const major = claims?.osVersion?.split('.')[0];
  const sdks = major === undefined ? undefined : SDK_OF_ANDROID[major];
  const stated = integrity?.sdkVersion ?? null;
  return isEnrolment && sdks !== undefined && stated !== null && !sdks.includes(stated);
}

function hasOtherSigner({ claims, integrity }: Sources): boolean {
  const stated = integrity?.app?.signerDigests;
  if (stated === undefined || claims === null || claims.app.signerDigests.length === 0) return false;
  const attested = claims.app.signerDigests.map((hex) => Buffer.from(hex, 'hex').toString('base64url'));
  return !stated.some((digest) => attested.includes(digest.replace(/={1,2}$/, '')));
}

/**
 * Every contradiction that is looked for. Each is a fact that two independent sources establish in different ways, so that
 * one of them was forged, relayed from another device, or made before the device changed.
 */
const RULES: readonly Rule[] = [
  {
    id: 'agreement_package',
    detail: 'Key attestation and Play Integrity name different packages.',
    contradicts: (sources) =>
      isAndroidKey(sources) &&
      sources.integrity?.app != null &&
      sources.integrity.app.packageName !== sources.claims?.app.id,
  },
  {
    id: 'agreement_signer',
    detail: 'Key attestation and Play Integrity name different signing certificates.',
    contradicts: (sources) => isAndroidKey(sources) && hasOtherSigner(sources),
  },
  {
    id: 'agreement_app_version',
    detail: 'Key attestation and Play Integrity name different versions of the app.',
    contradicts: ({ claims, integrity, isEnrolment }) =>
      isEnrolment &&
      claims?.format === 'android-key-attestation' &&
      claims.app.version !== null &&
      integrity?.app?.versionCode != null &&
      integrity.app.versionCode !== claims.app.version,
  },
  {
    id: 'agreement_system_version',
    detail: 'Key attestation and Play Integrity name different versions of the system.',
    contradicts: (sources) => isAndroidKey(sources) && hasOtherSdk(sources),
  },
  {
    id: 'agreement_boot_unverified',
    detail: 'Key attestation says unlocked or not verified; Play Integrity says that the device is genuine.',
    contradicts: (sources) => isUnverified(sources) && meetsDevice(sources),
  },
  {
    id: 'agreement_no_label',
    detail: 'Key attestation says locked and verified; Play Integrity finds no integrity at all.',
    contradicts: (sources) =>
      isVerified(sources) && sources.integrity !== null && sources.integrity.deviceLabels.length === 0,
  },
  {
    id: 'agreement_virtual',
    detail: 'The key is attested by hardware; Play Integrity says that the device is virtual.',
    contradicts: (sources) => isHardware(sources) && has(sources, DEVICE_LABELS.virtual),
  },
  {
    id: 'agreement_strong_software',
    detail: 'Play Integrity says STRONG, which needs hardware; the key is attested by software.',
    contradicts: (sources) =>
      sources.claims?.securityLevel === 'software' && has(sources, DEVICE_LABELS.strong),
  },
  {
    id: 'agreement_runtime_bootloader_found',
    detail: 'The app found the bootloader unlocked; key attestation says locked and verified.',
    contradicts: (sources) => isVerified(sources) && sources.found.includes('bootloader_unlocked'),
  },
  {
    id: 'agreement_runtime_bootloader_clear',
    detail: 'The app found the bootloader locked; key attestation says unlocked.',
    contradicts: ({ claims, clear }) =>
      claims?.boot?.deviceLocked === false && clear.includes('bootloader_unlocked'),
  },
  {
    id: 'agreement_runtime_root',
    detail: 'The app found root access; Play Integrity says that the device is genuine.',
    contradicts: (sources) => meetsDevice(sources) && sources.found.includes('privileged_access'),
  },
  {
    id: 'agreement_runtime_emulator',
    detail: 'The app found an emulator; the key is attested by hardware.',
    contradicts: (sources) => isHardware(sources) && sources.found.includes('emulator'),
  },
  {
    id: 'agreement_runtime_hardware',
    detail: 'The app found no secure hardware; the key is attested by hardware.',
    contradicts: (sources) => isHardware(sources) && sources.found.includes('secure_hardware_missing'),
  },
  {
    id: 'agreement_runtime_app',
    detail: 'The app found itself repackaged; Google Play recognises it.',
    contradicts: ({ integrity, found }) =>
      integrity?.recognition === 'PLAY_RECOGNIZED' && found.includes('app_integrity'),
  },
];

/** Ids of everything that is compared. */
export const AGREEMENT_IDS: readonly string[] = RULES.map(({ id }) => id);

/**
 * Compares what the sources say of one device. Each contradiction is a check that failed nothing by itself; together they
 * raise `sources_disagree`, to which the policy answers.
 */
export function findDisagreements(sources: Sources): Check[] {
  return RULES.filter((rule) => rule.contradicts(sources)).map(({ id, detail }) => ({
    id,
    outcome: 'warn',
    detail,
  }));
}
