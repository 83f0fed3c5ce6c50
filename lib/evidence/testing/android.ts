import { encode } from 'cborg';
import type { Evidence } from '@/lib/contracts';
import { sha256, toBase64Url } from '@/lib/core';
import {
  derBool,
  derContext,
  derEnum,
  derInteger,
  derNull,
  derOctetString,
  derSequence,
  derSetOf,
} from './der-writer';
import type { DeviceKey } from './device-key';
import { derName, type ExtensionToWrite, type Issuer, issueCertificate } from './issue-certificate';

const LEVELS = { software: 0, tee: 1, strongbox: 2 } as const;
const BOOT_STATES = { verified: 0, self_signed: 1, unverified: 2, failed: 3 } as const;
const ORIGINS = { generated: 0, derived: 1, imported: 2 } as const;

export type ForgedLevel = keyof typeof LEVELS;

/** A package of the attested UID. */
export interface ForgedPackage {
  readonly name: string;
  readonly versionCode: number;
}

/** A pretended device's key attestation. What is not said is an up-to-date, locked device with an honest app. */
export interface AndroidAttestOptions {
  readonly key: DeviceKey;
  /** SHA-256 of the client data. */
  readonly challenge: Uint8Array;
  readonly packages: readonly ForgedPackage[];
  /** SHA-256 of the signing certificates, hex. */
  readonly signerDigests: readonly string[];
  readonly nowMs: number;
  readonly provisioning?: 'factory' | 'remote';
  readonly attestationVersion?: number;
  readonly level?: ForgedLevel;
  /** Another level than `level` makes refused evidence. */
  readonly keyMintLevel?: ForgedLevel;
  readonly deviceLocked?: boolean;
  readonly bootState?: keyof typeof BOOT_STATES;
  /** 32 bytes. */
  readonly bootKey?: Uint8Array;
  /** `false` leaves the root of trust out: refused. */
  readonly rootOfTrust?: boolean;
  readonly origin?: keyof typeof ORIGINS;
  /** KeyMint purposes; 2 is SIGN, 7 ATTEST_KEY. */
  readonly purposes?: readonly number[];
  /** KeyMint algorithm; 3 is EC. */
  readonly algorithm?: number;
  readonly allApplications?: boolean;
  /** E.g. 160000. */
  readonly osVersion?: number;
  /** YYYYMM. */
  readonly osPatchLevel?: number;
  /** YYYYMMDD. */
  readonly vendorPatchLevel?: number;
  readonly bootPatchLevel?: number;
  readonly creationMs?: number;
  /** Of the provisioning information, for `remote`. */
  readonly certificatesIssued?: number;
  readonly extensionCritical?: boolean;
  /** Another KeyDescription, as it is. */
  readonly description?: Uint8Array;
}

function derRootOfTrust(options: AndroidAttestOptions): Buffer {
  const bootKey = options.bootKey ?? sha256('countersign test boot key');
  return derSequence(
    derOctetString(bootKey),
    derBool(options.deviceLocked ?? true),
    derEnum(BOOT_STATES[options.bootState ?? 'verified']),
    derOctetString(sha256('countersign test boot image')),
  );
}

function derApplicationId({ packages, signerDigests }: AndroidAttestOptions): Buffer {
  const names = packages.map(({ name, versionCode }) =>
    derSequence(derOctetString(Buffer.from(name, 'utf8')), derInteger(versionCode)),
  );
  const digests = signerDigests.map((digest) => derOctetString(Buffer.from(digest, 'hex')));
  return derSequence(derSetOf(names), derSetOf(digests));
}

/** YYYYMM of the month before an instant: what an up-to-date device states. */
function recentPatchLevel(nowMs: number): number {
  const date = new Date(nowMs);
  date.setUTCDate(0);
  return date.getUTCFullYear() * 100 + date.getUTCMonth() + 1;
}

function softwareEnforced(options: AndroidAttestOptions): Buffer {
  return derSequence(
    derContext(701, derInteger(options.creationMs ?? options.nowMs)),
    derContext(709, derOctetString(derApplicationId(options))),
  );
}

function hardwareEnforced(options: AndroidAttestOptions): Buffer {
  const osPatchLevel = options.osPatchLevel ?? recentPatchLevel(options.nowMs);
  return derSequence(
    derContext(1, derSetOf((options.purposes ?? [2]).map(derInteger))),
    derContext(2, derInteger(options.algorithm ?? 3)),
    derContext(3, derInteger(256)),
    derContext(5, derSetOf([derInteger(4)])),
    derContext(10, derInteger(1)),
    ...(options.allApplications === true ? [derContext(600, derNull())] : []),
    derContext(702, derInteger(ORIGINS[options.origin ?? 'generated'])),
    ...(options.rootOfTrust === false ? [] : [derContext(704, derRootOfTrust(options))]),
    derContext(705, derInteger(options.osVersion ?? 160_000)),
    derContext(706, derInteger(osPatchLevel)),
    derContext(718, derInteger(options.vendorPatchLevel ?? osPatchLevel * 100 + 5)),
    derContext(719, derInteger(options.bootPatchLevel ?? osPatchLevel * 100 + 5)),
  );
}

function keyDescription(options: AndroidAttestOptions): ExtensionToWrite {
  const level = options.level ?? 'tee';
  const version = derInteger(options.attestationVersion ?? 400);
  return {
    oid: '1.3.6.1.4.1.11129.2.1.17',
    critical: options.extensionCritical ?? false,
    value:
      options.description ??
      derSequence(
        version,
        derEnum(LEVELS[level]),
        version,
        derEnum(LEVELS[options.keyMintLevel ?? level]),
        derOctetString(options.challenge),
        derOctetString(Buffer.alloc(0)),
        softwareEnforced(options),
        hardwareEnforced(options),
      ),
  };
}

/** The provisioning information of a remotely provisioned attestation certificate. */
export function provisioningInfo(certificatesIssued: number): ExtensionToWrite {
  const value = encode(
    new Map<number, number | string>([
      [1, certificatesIssued],
      [3, 'Countersign'],
    ]),
  );
  return { oid: '1.3.6.1.4.1.11129.2.1.30', value };
}

/** Android's leaves carry a window that nobody checks. */
const LEAF_NOT_BEFORE_MS = 0;
const LEAF_NOT_AFTER_MS = Date.UTC(2048, 0, 1);

/** Makes a really signed chain: leaf, the issuer's certificates, the root. */
export function makeKeyAttestation(
  issuer: Issuer,
  root: Buffer,
  options: AndroidAttestOptions,
): Extract<Evidence, { format: 'android-key-attestation' }> {
  const leaf = issueCertificate({
    issuer,
    subject: derName([['CN', 'Android Keystore Key']]),
    spki: options.key.spki,
    serial: 1,
    notBeforeMs: LEAF_NOT_BEFORE_MS,
    notAfterMs: LEAF_NOT_AFTER_MS,
    isCa: false,
    extensions: [keyDescription(options)],
  });
  return {
    format: 'android-key-attestation',
    certificateChain: [leaf, ...issuer.chain, root].map((der) => toBase64Url(der)),
  };
}
