import { equalBytes, toHex } from '@/lib/core';
import {
  DER,
  type DerElement,
  decodeUtf8,
  derOctets,
  derUnsigned,
  readDer,
  readDerMembers,
} from '@/lib/crypto';
import type { AndroidApp } from '../context';
import { type Finding, fail, pass } from '../steps';
import type { KeyDescription } from './key-description';

interface AttestedPackage {
  readonly name: string;
  readonly version: number;
}

/** AttestationApplicationId: the packages of the calling UID, and the digests of their signing certificates. */
export interface ApplicationId {
  readonly packages: readonly AttestedPackage[];
  /** SHA-256, lower-case hex, sorted. */
  readonly signerDigests: readonly string[];
}

/** The attested app as it goes into claims. */
export interface AttestedApp {
  readonly packageName: string;
  readonly versionCode: string;
  readonly signerDigests: readonly string[];
}

const DIGEST_BYTES = 32;

function readPackage(element: DerElement): AttestedPackage | undefined {
  const members = readDerMembers(element, DER.sequence);
  const bytes = derOctets(members?.[0]);
  const version = derUnsigned(members?.[1]);
  const name = bytes === undefined ? undefined : decodeUtf8(bytes);
  if (members?.length !== 2 || name === undefined || version === undefined) return undefined;
  return { name, version };
}

function readDigest(element: DerElement): string | undefined {
  const digest = derOctets(element);
  return digest?.length === DIGEST_BYTES ? toHex(digest) : undefined;
}

function readSet<T>(
  element: DerElement | undefined,
  read: (element: DerElement) => T | undefined,
): T[] | undefined {
  const members = readDerMembers(element, DER.set);
  const values = members?.flatMap((member) => read(member) ?? []);
  return values?.length === members?.length ? values : undefined;
}

/** Reads SEQUENCE { SET OF package, SET OF digest }; `undefined` where malformed or a name is not UTF-8. */
export function readApplicationId(der: Uint8Array): ApplicationId | undefined {
  const members = readDerMembers(readDer(der), DER.sequence);
  const packages = readSet(members?.[0], readPackage);
  const digests = readSet(members?.[1], readDigest);
  if (members?.length !== 2 || packages === undefined || digests === undefined) return undefined;
  return { packages, signerDigests: digests.toSorted() };
}

/** Whether the set of digests is the complete set that the app was registered with. */
function isSignedAs(app: AndroidApp, signerDigests: readonly string[]): boolean {
  const expected = app.signerDigests.toSorted().join(' ');
  return equalBytes(Buffer.from(expected), Buffer.from(signerDigests.join(' ')));
}

/**
 * Every package of the UID must be registered with exactly the attested signers: a package name without its digest
 * proves nothing, and neither does a registered package that shares its UID with an unknown one.
 */
export function checkApplication(
  description: KeyDescription,
  apps: readonly AndroidApp[],
): Finding<AttestedApp> {
  const { softwareEnforced, hardwareEnforced } = description;
  if (softwareEnforced.allApplications || hardwareEnforced.allApplications)
    return fail('evidence_app_mismatch', 'The key may be used by every app of the device.');
  const id =
    softwareEnforced.applicationId === null ? undefined : readApplicationId(softwareEnforced.applicationId);
  if (id === undefined) return fail('evidence_app_mismatch', 'The application id is absent or malformed.');
  const [first] = id.packages;
  if (first === undefined || id.signerDigests.length === 0)
    return fail('evidence_app_mismatch', 'The application id names no package or no signer.');
  const signedAs = apps.filter((app) => isSignedAs(app, id.signerDigests));
  const isRegistered = ({ name }: AttestedPackage) =>
    signedAs.some(({ packageName }) => packageName === name);
  if (!id.packages.every(isRegistered))
    return fail('evidence_app_mismatch', 'A package is not registered with these signers.');
  return pass(
    {
      packageName: first.name,
      versionCode: String(first.version),
      signerDigests: id.signerDigests,
    },
    'Package and signers are registered.',
  );
}
