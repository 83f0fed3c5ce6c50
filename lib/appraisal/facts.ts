import { EVIDENCE_CODES, type EvidenceCode, type PlayLabel } from '@/lib/contracts';
import type { AppraisalInput, JudgedClaims } from './input';

/*
 * What an attestation was judged by, as one short text beside the columns of its event: `1|flags|failure|claims|reported|
 * detected|integrity|age`. Everything before the age recurs among events, so that few distinct texts are ever read. It holds
 * none of the characters that a column of texts would have to quote.
 */

const VERSION = '1';
const NONE = '-';
const REGISTERED = 1;
const WITHDRAWN = 2;
const BELOW_MINIMUM = 4;

/** The part of an input that `encodeFacts` keeps; the rest are columns of the event. */
export type RecordedFacts = Omit<AppraisalInput, 'client' | 'nowMs'>;

/** Facts as text. `decodeFacts` gives back what every policy judges alike. */
export function encodeFacts(input: RecordedFacts): string {
  const { appVersion, failure, claims, runtimeThreats, serverThreats } = input;
  const flags =
    (appVersion.registered ? REGISTERED : 0) +
    (appVersion.withdrawn ? WITHDRAWN : 0) +
    (appVersion.belowMinimum === true ? BELOW_MINIMUM : 0);
  const age = input.evidenceAgeSeconds;
  return [
    VERSION,
    flags,
    failure ?? NONE,
    claims === null ? NONE : encodeClaims(claims),
    list(runtimeThreats),
    list(serverThreats),
    encodeIntegrity(input.integrity),
    Number.isFinite(age) ? age : NONE,
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

function encodeIntegrity(integrity: AppraisalInput['integrity']): string {
  if (integrity === undefined) return NONE;
  const { playLabels } = integrity;
  return playLabels === null ? '' : `+${playLabels.join('+')}`;
}

/** Text split into what recurs and the age of the evidence; `null` where it is of another version, or no facts. */
export function splitFacts(text: string): { recurring: string; evidenceAgeSeconds: number } | null {
  if (!text.startsWith(`${VERSION}|`)) return null;
  const at = text.lastIndexOf('|');
  const age = text.slice(at + 1);
  return { recurring: text.slice(0, at), evidenceAgeSeconds: age === NONE ? Number.NaN : Number(age) };
}

/** The facts of `recurring`, as `splitFacts` gives it. */
export function decodeFacts(recurring: string): Omit<RecordedFacts, 'evidenceAgeSeconds'> | null {
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

function decodeIntegrity(labels: string): NonNullable<AppraisalInput['integrity']> {
  const playLabels = labels === '' ? null : labels.split('+').filter((label) => label !== '');
  return { playLabels: playLabels as PlayLabel[] | null };
}
