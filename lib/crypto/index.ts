export { definiteForm } from './ber';
export {
  asCborBytes,
  asCborMap,
  type CborValue,
  decodeCbor,
  decodeFirstCbor,
  hasExactKeys,
  MAX_CBOR_BYTES,
  MAX_CBOR_DEPTH,
} from './cbor';
export {
  type Certificate,
  type CertificateExtension,
  isCertificateAuthority,
  maySignCertificates,
  PATH_EXTENSIONS,
  parseCertificate,
  pathLengthLimit,
  unknownCriticalExtensions,
  validityAt,
} from './certificate';
export { isContentSignedBy, readSignedData, type SignedData, signerCertificateOf } from './cms';
export { p256PointOfCose } from './cose';
export {
  contextTag,
  contextTagNumber,
  DER,
  type DerElement,
  MAX_DER_MEMBERS,
  readDer,
  readDerElements,
  readDerExplicit,
  readDerMembers,
} from './der';
export {
  type DerTolerance,
  decodeUtf8,
  derBits,
  derBoolean,
  derEnumerated,
  derOctets,
  derOid,
  derSerialHex,
  derTimeMs,
  derUnsigned,
  STRICT_DER,
} from './der-values';
export { BoundedCache } from './lru';
export { isSignedBy, isSignedByRemembered, sameName, spkiFingerprint } from './path';
export {
  importP256Spki,
  importSpki,
  p256PointOfSpki,
  spkiOfP256Point,
  verifyEs256,
  verifyWithDigest,
} from './public-keys';
export { openRecord, sealRecord } from './record-sealing';
export {
  createSealingKeyPair,
  MAX_SECRET_BYTES,
  openSecret,
  type RowIdentity,
  type SealingFailure,
  type SealingPublicJwk,
  sealingPublicJwk,
  sealSecret,
  unwrapPrivateKey,
  wrapPrivateKey,
} from './sealing';
