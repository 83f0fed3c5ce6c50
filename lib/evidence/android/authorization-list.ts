import {
  contextTagNumber,
  DER,
  type DerElement,
  derBoolean,
  derEnumerated,
  derOctets,
  derUnsigned,
  readDerExplicit,
  readDerMembers,
} from '@/lib/crypto';
import { ANDROID_TOLERANCE } from './tolerance';

/** Verified boot as the secure world reports it. */
export interface RootOfTrust {
  readonly bootKey: Uint8Array;
  readonly deviceLocked: boolean;
  readonly state: BootState;
  /** Since schema version 3. */
  readonly bootHash: Uint8Array | null;
}

export const BOOT_STATES = ['verified', 'self_signed', 'unverified', 'failed'] as const;
export type BootState = (typeof BOOT_STATES)[number];

/** The members of a KeyMint AuthorizationList that verification uses; `null` where absent. */
export interface AuthorizationList {
  readonly purposes: readonly number[] | null;
  readonly algorithm: number | null;
  readonly allApplications: boolean;
  readonly creationMs: number | null;
  readonly origin: number | null;
  readonly rootOfTrust: RootOfTrust | null;
  readonly osVersion: number | null;
  readonly osPatchLevel: number | null;
  readonly vendorPatchLevel: number | null;
  readonly bootPatchLevel: number | null;
  /** DER of AttestationApplicationId. */
  readonly applicationId: Uint8Array | null;
}

/** KeyMint tag numbers (Tag.aidl), as context tags. */
const TAGS = {
  purpose: 1,
  algorithm: 2,
  allApplications: 600,
  creationDateTime: 701,
  origin: 702,
  rootOfTrust: 704,
  osVersion: 705,
  osPatchLevel: 706,
  attestationApplicationId: 709,
  vendorPatchLevel: 718,
  bootPatchLevel: 719,
} as const;

/** Every member by tag number. Order is not checked (real devices deviate); unknown tags are kept unread. */
function readMembers(element: DerElement | undefined): Map<number, DerElement> | undefined {
  const list = readDerMembers(element, DER.sequence);
  if (list === undefined) return undefined;
  const members = new Map<number, DerElement>();
  for (const member of list) {
    const number = contextTagNumber(member.tag);
    const value = readDerExplicit(member);
    if (number === undefined || value === undefined || members.has(number)) return undefined;
    members.set(number, value);
  }
  return members;
}

/** `null` for an absent member, `undefined` for a malformed one. */
function optional<T>(
  element: DerElement | undefined,
  read: (element: DerElement) => T | undefined,
): T | null | undefined {
  return element === undefined ? null : read(element);
}

function readPurposes(element: DerElement): number[] | undefined {
  const members = readDerMembers(element, DER.set);
  const purposes = members?.flatMap((member) => derUnsigned(member) ?? []);
  return purposes?.length === members?.length ? purposes : undefined;
}

function readRootOfTrust(element: DerElement): RootOfTrust | undefined {
  const members = readDerMembers(element, DER.sequence);
  if (members === undefined || members.length < 3 || members.length > 4) return undefined;
  const bootKey = derOctets(members[0]);
  const deviceLocked = derBoolean(members[1], ANDROID_TOLERANCE);
  const state = BOOT_STATES[derEnumerated(members[2]) ?? BOOT_STATES.length];
  const bootHash = optional(members[3], derOctets);
  if (bootKey === undefined || deviceLocked === undefined) return undefined;
  if (state === undefined || bootHash === undefined) return undefined;
  return { bootKey, deviceLocked, state, bootHash };
}

function isNull(element: DerElement): true | undefined {
  return element.tag === DER.null && element.content.length === 0 ? true : undefined;
}

type Unchecked<T> = { [K in keyof T]: T[K] | undefined };

/** Whether no member is malformed. */
function isComplete(list: Unchecked<AuthorizationList>): list is AuthorizationList {
  return Object.values(list).every((value) => value !== undefined);
}

/** Reads an AuthorizationList; `undefined` for malformed DER, a duplicate tag or a member of the wrong type. */
export function readAuthorizationList(element: DerElement | undefined): AuthorizationList | undefined {
  const members = readMembers(element);
  if (members === undefined) return undefined;
  const unsigned = (tag: number) => optional(members.get(tag), derUnsigned);
  const allApplications = optional(members.get(TAGS.allApplications), isNull);
  const list: Unchecked<AuthorizationList> = {
    purposes: optional(members.get(TAGS.purpose), readPurposes),
    algorithm: unsigned(TAGS.algorithm),
    allApplications: allApplications === null ? false : allApplications,
    creationMs: unsigned(TAGS.creationDateTime),
    origin: unsigned(TAGS.origin),
    rootOfTrust: optional(members.get(TAGS.rootOfTrust), readRootOfTrust),
    osVersion: unsigned(TAGS.osVersion),
    osPatchLevel: unsigned(TAGS.osPatchLevel),
    vendorPatchLevel: unsigned(TAGS.vendorPatchLevel),
    bootPatchLevel: unsigned(TAGS.bootPatchLevel),
    applicationId: optional(members.get(TAGS.attestationApplicationId), derOctets),
  };
  return isComplete(list) ? list : undefined;
}
