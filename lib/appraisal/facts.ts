import { EVIDENCE_CODES, type EvidenceCode } from '@/lib/contracts';
import type { AppraisalInput, JudgedClaims, JudgedIntegrity } from './input';

/*
 * What an attestation was judged by, as one short text beside the columns of its event: `1|flags|failure|claims|reported|
 * detected|integrity|ages`. Everything before the ages (of the evidence, and of the verdict where there is one) recurs among
 * events, so that few distinct texts are ever read. It holds none of the characters that a column of texts would have to quote.
 */

const VERSION = '1';
const NONE = '-';
const REGISTERED = 1;
const WITHDRAWN = 2;
const BELOW_MINIMUM = 4;
/* Flags of a verdict. */
const RECOGNIZED = 1;
const LICENSED = 2;

/** The part of an input that `encodeFacts` keeps; the rest are columns of the event. */
export type RecordedFacts = Omit<AppraisalInput, 'client' | 'nowMs'>;

/** Facts as text. `decodeFacts` gives back what every policy judges alike. */
export function encodeFacts(input: RecordedFacts): string {
  const { appVersion, failure, claims, runtimeThreats, serverThreats } = input;
  const flags =
    (appVersion.registered ? REGISTERED : 0) +
    (appVersion.withdrawn ? WITHDRAWN : 0) +
    (appVersion.belowMinimum === true ? BELOW_MINIMUM : 0);
  return [
    VERSION,
    flags,
    failure ?? NONE,
    claims === null ? NONE : encodeClaims(claims),
    list(runtimeThreats),
    list(serverThreats),
    input.integrity === undefined ? NONE : encodeIntegrity(input.integrity),
    encodeAges(input),
  ].join('|');
}

const list = (items: readonly string[]) =>
  items.length === 0 ? NONE : items.map(encodeURIComponent).join('+');

function encodeClaims(claims: JudgedClaims): string {
  const { platform, environment, securityLevel, osPatchLevel, boot, attestedKeys } = claims;
  const patch = osPatchLevel === null ? '' : encodeURIComponent(osPatchLevel);
  const booted = boot === null ? '' : `${boot.state}:${boot.deviceLocked ? 1 : 0}`;
  return `${platform}:${environment}:${securityLevel}:${patch}:${attestedKeys ?? ''}:${booted}`;
}

/** Of labels that are known alone, and so without anything that would have to be escaped. */
function encodeIntegrity(integrity: JudgedIntegrity): string {
  const { deviceLabels, sdkVersion, activityLevel, playProtect, appsDetected } = integrity;
  const flags = (integrity.isRecognized ? RECOGNIZED : 0) + (integrity.isLicensed ? LICENSED : 0);
  const apps = appsDetected === null ? '' : list(appsDetected);
  return `${list(deviceLabels)}:${sdkVersion ?? ''}:${activityLevel ?? ''}:${flags}:${playProtect ?? ''}:${apps}`;
}

const encodeAge = (seconds: number) => (Number.isFinite(seconds) ? String(seconds) : NONE);
const decodeAge = (text: string) => (text === NONE ? Number.NaN : Number(text));

function encodeAges({ evidenceAgeSeconds, integrity, integrityAgeSeconds = Number.NaN }: RecordedFacts) {
  const age = encodeAge(evidenceAgeSeconds);
  return integrity === undefined ? age : `${age}:${encodeAge(integrityAgeSeconds)}`;
}

/** The part of facts that differs from event to event. */
export type RecordedAges = Pick<RecordedFacts, 'evidenceAgeSeconds' | 'integrityAgeSeconds'>;

/** Text split into what recurs and the ages; `null` where it is of another version, or no facts. */
export function splitFacts(text: string): { recurring: string; ages: RecordedAges } | null {
  if (!text.startsWith(`${VERSION}|`)) return null;
  const at = text.lastIndexOf('|');
  const [age = NONE, integrityAge] = text.slice(at + 1).split(':');
  const evidenceAgeSeconds = decodeAge(age);
  return {
    recurring: text.slice(0, at),
    ages:
      integrityAge === undefined
        ? { evidenceAgeSeconds }
        : { evidenceAgeSeconds, integrityAgeSeconds: decodeAge(integrityAge) },
  };
}

/** The facts of `recurring`, as `splitFacts` gives it. */
export function decodeFacts(recurring: string): Omit<RecordedFacts, keyof RecordedAges> | null {
  const [, flagsText, failure = '', claims = '', reported = '', detected = '', integrity] =
    recurring.split('|');
  const flags = Number(flagsText);
  if (!Number.isInteger(flags) || integrity === undefined) return null;
  if (failure !== NONE && !isEvidenceCode(failure)) return null;
  return {
    appVersion: {
      registered: (flags & REGISTERED) !== 0,
      withdrawn: (flags & WITHDRAWN) !== 0,
      belowMinimum: (flags & BELOW_MINIMUM) !== 0,
    },
    failure: failure === NONE ? null : failure,
    claims: claims === NONE ? null : decodeClaims(claims),
    runtimeThreats: items(reported),
    serverThreats: items(detected),
    ...(integrity === NONE ? {} : { integrity: decodeIntegrity(integrity) }),
  };
}

const items = (text: string) => (text === NONE || text === '' ? [] : text.split('+').map(decodeURIComponent));

function isEvidenceCode(code: string): code is EvidenceCode {
  return EVIDENCE_CODES.some((known) => known === code);
}

/** Written by `encodeClaims` of values that the schema of claims let in, so that they are the same values again. */
function decodeClaims(text: string): JudgedClaims {
  const [platform, environment, securityLevel, patch = '', keys = '', state = '', locked] = text.split(':');
  return {
    platform: platform as JudgedClaims['platform'],
    environment: environment as JudgedClaims['environment'],
    securityLevel: securityLevel as JudgedClaims['securityLevel'],
    osPatchLevel: patch === '' ? null : decodeURIComponent(patch),
    ...(keys === '' ? {} : { attestedKeys: Number(keys) }),
    boot:
      state === ''
        ? null
        : { state: state as NonNullable<JudgedClaims['boot']>['state'], deviceLocked: locked === '1' },
  };
}

/** Written by `encodeIntegrity`, as the claims are. */
function decodeIntegrity(text: string): JudgedIntegrity {
  const [labels = '', sdk = '', level = '', flagsText, protect = '', apps = ''] = text.split(':');
  const flags = Number(flagsText);
  return {
    deviceLabels: items(labels) as readonly string[] as JudgedIntegrity['deviceLabels'],
    sdkVersion: sdk === '' ? null : Number(sdk),
    activityLevel: level === '' ? null : Number(level),
    isRecognized: (flags & RECOGNIZED) !== 0,
    isLicensed: (flags & LICENSED) !== 0,
    playProtect: protect === '' ? null : (protect as JudgedIntegrity['playProtect']),
    appsDetected: apps === '' ? null : (items(apps) as readonly string[] as JudgedIntegrity['appsDetected']),
  };
}
