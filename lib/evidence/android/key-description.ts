import type { SecurityLevel } from '@/lib/contracts';
import {
  type Certificate,
  DER,
  type DerElement,
  derEnumerated,
  derOctets,
  derUnsigned,
  readDer,
  readDerMembers,
} from '@/lib/crypto';
import { type Finding, fail, pass } from '../steps';
import { type AuthorizationList, readAuthorizationList } from './authorization-list';

/** The attestation extension (KeyDescription) and where it may appear. */
export const KEY_DESCRIPTION_EXTENSION = '1.3.6.1.4.1.11129.2.1.17';

export type AndroidSecurityLevel = Extract<SecurityLevel, 'software' | 'tee' | 'strongbox'>;

/** KeyDescription, schema versions 1 to 500. */
export interface KeyDescription {
  readonly attestationVersion: number;
  readonly attestationSecurityLevel: AndroidSecurityLevel;
  readonly keyMintSecurityLevel: AndroidSecurityLevel;
  readonly challenge: Uint8Array;
  readonly softwareEnforced: AuthorizationList;
  readonly hardwareEnforced: AuthorizationList;
}

const MEMBER_COUNT = 8;
const LEVELS: readonly AndroidSecurityLevel[] = ['software', 'tee', 'strongbox'];
/** Schema versions that have been published; later ones only added tags so far. */
const VERSIONS: ReadonlySet<number> = new Set([1, 2, 3, 4, 100, 200, 300, 400, 500]);

function readLevel(element: DerElement | undefined): AndroidSecurityLevel | undefined {
  return LEVELS[derEnumerated(element) ?? LEVELS.length];
}

function parse(value: Uint8Array): KeyDescription | undefined {
  const members = readDerMembers(readDer(value), DER.sequence);
  if (members?.length !== MEMBER_COUNT) return undefined;
  const attestationVersion = derUnsigned(members[0]);
  const attestationSecurityLevel = readLevel(members[1]);
  const keyMintVersion = derUnsigned(members[2]);
  const keyMintSecurityLevel = readLevel(members[3]);
  const challenge = derOctets(members[4]);
  const uniqueId = derOctets(members[5]);
  const softwareEnforced = readAuthorizationList(members[6]);
  const hardwareEnforced = readAuthorizationList(members[7]);
  if (attestationVersion === undefined || keyMintVersion === undefined || challenge === undefined)
    return undefined;
  if (attestationSecurityLevel === undefined || keyMintSecurityLevel === undefined) return undefined;
  if (uniqueId === undefined || softwareEnforced === undefined || hardwareEnforced === undefined)
    return undefined;
  return {
    attestationVersion,
    attestationSecurityLevel,
    keyMintSecurityLevel,
    challenge,
    softwareEnforced,
    hardwareEnforced,
  };
}

/** Reads the attestation extension of the leaf: present, not critical, and exactly the published structure. */
export function readKeyDescription(leaf: Certificate): Finding<KeyDescription> {
  const extension = leaf.extensions.get(KEY_DESCRIPTION_EXTENSION);
  if (extension === undefined)
    return fail('evidence_extension_missing', 'The leaf has no key attestation extension.');
  if (extension.critical)
    return fail('evidence_extension_malformed', 'The key attestation extension is marked critical.');
  const description = parse(extension.value);
  if (description === undefined || !VERSIONS.has(description.attestationVersion))
    return fail('evidence_extension_malformed', 'The key attestation extension is malformed.');
  return pass(description, `KeyDescription of schema version ${description.attestationVersion}.`);
}
