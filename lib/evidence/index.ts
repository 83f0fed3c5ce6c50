export {
  type Anchor,
  type AnchorSet,
  type AnchorSource,
  anchorsWith,
  BUILT_IN_ANCHORS,
  readAnchor,
  readPemCertificates,
} from './anchors';
export {
  findRevocation,
  parseRevocationList,
  type RevocationContext,
  recheckRevocation,
} from './android/revocation';
export { verifyAndroidKeyAttestation } from './android/verify-key-attestation';
export { verifyAppAttestAssertion } from './apple/verify-assertion';
export {
  type AppAttestClaims,
  type AppAttestInput,
  type VerifiedReceipt,
  verifyAppAttestAttestation,
} from './apple/verify-attestation';
export { type ReceiptClaims, type ReceiptContext, verifyReceipt } from './apple/verify-receipt';
export type { AssertionClaims, AssertionInput } from './assertion';
export {
  type ArchivedEvidence,
  archivedEvidenceSchema,
  type Replay,
  redactArchived,
  replayArchived,
} from './case/archived';
export { knownRevocation } from './case/known-revocation';
export {
  CASE_ERROR_CODES,
  type CaseErrorCode,
  type CaseFailure,
  type CaseFiles,
  type CaseOutcome,
  type EvidenceCase,
  type IntegrityOutcome,
  type ReplayOutcome,
} from './case/outcome';
export { parseCase } from './case/parse-case';
export {
  type AndroidApp,
  type AppleApp,
  type AppleEnvironment,
  androidApps,
  appleAppId,
  type ReferenceValues,
  type RevocationEntry,
  type RevocationSnapshot,
  type VerificationContext,
} from './context';
export { DEV_CLAIMS_EXTENSION, type DevClaims } from './dev/claims-extension';
export { type DevInput, verifyDevEvidence } from './dev/verify-dev';
export {
  type EnrolmentVerification,
  verifyAssertion,
  verifyEnrolment,
  verifyEnrolmentInFull,
} from './formats';
export { type PlayKeys, readPlayKeys, readVerificationKey } from './play/keys';
export {
  type IntegrityContext,
  PLAY_DEFAULTS,
  type PlayApp,
  playApps,
  refusedByGoogle,
  type TokenVerification,
  verifyDecodedVerdict,
  verifyPlayToken,
  verifySignedVerdict,
} from './play/verify-play';
export { verifyKeyAssertion } from './verify-key-assertion';
