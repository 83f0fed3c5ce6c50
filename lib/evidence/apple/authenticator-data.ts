import { asCborBytes, asCborMap, type CborValue, decodeFirstCbor, p256PointOfCose } from '@/lib/crypto';

/** Signed statements that iOS 27 and later append to authenticator data; `null` where they are absent. */
export interface AppleExtensions {
  readonly bundleVersion: string | null;
  /** How the app was launched, e.g. `app_store`; `category_N` where N is not documented. */
  readonly validationCategory: string | null;
}

/** Authenticator data of an assertion: no attested credential data, whatever its flags say. */
export interface AssertionData {
  readonly rpIdHash: Uint8Array;
  readonly counter: number;
  readonly extensions: AppleExtensions;
}

/** Authenticator data of an attestation (WebAuthn, 6.1, as Apple uses it). */
export interface AttestationData extends AssertionData {
  readonly aaguid: Uint8Array;
  readonly credentialId: Uint8Array;
  /** 65-byte uncompressed point of the COSE credential key. */
  readonly credentialPoint: Uint8Array;
}

const RP_ID_HASH_END = 32;
const COUNTER_START = 33;
const HEADER_BYTES = 37;
const AAGUID_END = 53;
const CREDENTIAL_ID_START = 55;
const CREDENTIAL_ID_BYTES = 32;

const NO_EXTENSIONS: AppleExtensions = { bundleVersion: null, validationCategory: null };
const BUNDLE_VERSION_KEY = 'apple_bundle_version_01';
const VALIDATION_CATEGORY_KEY = 'apple_validation_category_01';
const VALIDATION_CATEGORY_BYTES = 4;
/** Far more than Apple allows; it is kept and shown, and a compromised system may state anything. */
const MAX_BUNDLE_VERSION_LENGTH = 256;

const VALIDATION_CATEGORIES: ReadonlyMap<number, string> = new Map([
  [1, 'platform'],
  [2, 'testflight'],
  [3, 'development'],
  [4, 'app_store'],
  [5, 'enterprise'],
  [6, 'developer_id'],
  [10, 'none'],
]);

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function readBundleVersion(value: CborValue | undefined): string | null | undefined {
  if (value === undefined) return null;
  return typeof value === 'string' && value.length <= MAX_BUNDLE_VERSION_LENGTH ? value : undefined;
}

function readValidationCategory(value: CborValue | undefined): string | null | undefined {
  if (value === undefined) return null;
  const bytes = asCborBytes(value);
  if (bytes?.length !== VALIDATION_CATEGORY_BYTES) return undefined;
  const category = view(bytes).getUint32(0, true);
  return VALIDATION_CATEGORIES.get(category) ?? `category_${category}`;
}

/** Nothing, or exactly one map with text keys; keys that are not known are passed over. */
function readExtensions(bytes: Uint8Array): AppleExtensions | undefined {
  if (bytes.length === 0) return NO_EXTENSIONS;
  const first = decodeFirstCbor(bytes);
  const map = asCborMap(first?.value);
  if (map === undefined || first?.rest.length !== 0) return undefined;
  for (const key of map.keys()) if (typeof key !== 'string') return undefined;
  const bundleVersion = readBundleVersion(map.get(BUNDLE_VERSION_KEY));
  const validationCategory = readValidationCategory(map.get(VALIDATION_CATEGORY_KEY));
  if (bundleVersion === undefined || validationCategory === undefined) return undefined;
  return { bundleVersion, validationCategory };
}

function readHeader(bytes: Uint8Array): Pick<AssertionData, 'rpIdHash' | 'counter'> | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  return { rpIdHash: bytes.subarray(0, RP_ID_HASH_END), counter: view(bytes).getUint32(COUNTER_START) };
}

/**
 * Authenticator data of an assertion: 37 bytes, then nothing or the extension map. The flags byte is passed over:
 * real assertions set the attested-data flag without attested data. `undefined` where malformed.
 */
export function readAssertionData(bytes: Uint8Array): AssertionData | undefined {
  const header = readHeader(bytes);
  const extensions = header === undefined ? undefined : readExtensions(bytes.subarray(HEADER_BYTES));
  return header === undefined || extensions === undefined ? undefined : { ...header, extensions };
}

/**
 * Authenticator data of an attestation: header, AAGUID, a 32-byte credential id, a COSE P-256 key, then nothing or
 * the extension map. The flags byte is passed over. `undefined` where malformed.
 */
export function readAttestationData(bytes: Uint8Array): AttestationData | undefined {
  const header = readHeader(bytes);
  if (header === undefined || bytes.length < CREDENTIAL_ID_START + CREDENTIAL_ID_BYTES) return undefined;
  if (view(bytes).getUint16(AAGUID_END) !== CREDENTIAL_ID_BYTES) return undefined;
  const credentialIdEnd = CREDENTIAL_ID_START + CREDENTIAL_ID_BYTES;
  const key = decodeFirstCbor(bytes.subarray(credentialIdEnd));
  const credentialPoint = p256PointOfCose(key?.value);
  const extensions = key === undefined ? undefined : readExtensions(key.rest);
  if (credentialPoint === undefined || extensions === undefined) return undefined;
  return {
    ...header,
    aaguid: bytes.subarray(HEADER_BYTES, AAGUID_END),
    credentialId: bytes.subarray(CREDENTIAL_ID_START, credentialIdEnd),
    credentialPoint,
    extensions,
  };
}
