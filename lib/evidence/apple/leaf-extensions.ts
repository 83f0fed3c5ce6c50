import {
  type Certificate,
  contextTag,
  contextTagNumber,
  DER,
  decodeUtf8,
  derOctets,
  readDer,
  readDerExplicit,
  readDerMembers,
} from '@/lib/crypto';
import { type Finding, fail, pass } from '../steps';

const NONCE_EXTENSION = '1.2.840.113635.100.8.2';
const SYSTEM_EXTENSION = '1.2.840.113635.100.8.7';
const OS_VERSION_TAG = 1400;
const NONCE_BYTES = 32;

/** Step 3: the nonce of the leaf, SEQUENCE { [1] { OCTET STRING } }, parsed and not searched for. */
export function readNonce(leaf: Certificate): Finding<Uint8Array> {
  const extension = leaf.extensions.get(NONCE_EXTENSION);
  if (extension === undefined)
    return fail('evidence_extension_missing', 'The leaf has no App Attest nonce extension.');
  const members = readDerMembers(readDer(extension.value), DER.sequence);
  const [tagged] = members ?? [];
  const nonce = tagged?.tag === contextTag(1) ? derOctets(readDerExplicit(tagged)) : undefined;
  if (members?.length !== 1 || nonce?.length !== NONCE_BYTES)
    return fail('evidence_extension_malformed', 'The App Attest nonce extension is malformed.');
  return pass(nonce, 'The leaf holds a nonce.');
}

/** The operating system's version as the leaf states it; `null` where it says nothing readable. */
export function readOsVersion(leaf: Certificate): string | null {
  const extension = leaf.extensions.get(SYSTEM_EXTENSION);
  if (extension === undefined) return null;
  const members = readDerMembers(readDer(extension.value), DER.sequence);
  const version = members?.find(({ tag }) => contextTagNumber(tag) === OS_VERSION_TAG);
  const text = derOctets(readDerExplicit(version));
  return text === undefined ? null : (decodeUtf8(text) ?? null);
}
