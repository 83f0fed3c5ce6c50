import type { EvidenceCode, ThreatId } from '@/lib/contracts';

const THREAT_OF_EVIDENCE_CODE: Readonly<Record<EvidenceCode, ThreatId>> = {
  evidence_format_unknown: 'evidence_malformed',
  evidence_too_large: 'evidence_malformed',
  evidence_malformed: 'evidence_malformed',
  evidence_anchors_empty: 'evidence_untrusted',
  evidence_chain_malformed: 'evidence_malformed',
  evidence_chain_length: 'evidence_malformed',
  evidence_chain_untrusted: 'evidence_untrusted',
  evidence_chain_software_root: 'software_attestation',
  evidence_chain_issuer_mismatch: 'evidence_untrusted',
  evidence_chain_issuer_not_ca: 'evidence_untrusted',
  evidence_chain_bad_signature: 'evidence_untrusted',
  evidence_certificate_expired: 'evidence_untrusted',
  evidence_certificate_not_yet_valid: 'evidence_untrusted',
  evidence_certificate_revoked: 'attestation_key_revoked',
  evidence_revocation_unavailable: 'evidence_untrusted',
  evidence_extension_missing: 'evidence_malformed',
  // Somebody extended a genuine chain with a leaf of their own.
  evidence_extension_misplaced: 'evidence_untrusted',
  evidence_extension_malformed: 'evidence_malformed',
  evidence_extension_unknown_critical: 'evidence_malformed',
  // Genuine evidence over other client data is evidence that was made for another occasion.
  evidence_nonce_mismatch: 'challenge_replayed',
  evidence_challenge_mismatch: 'challenge_replayed',
  evidence_key_id_mismatch: 'evidence_malformed',
  evidence_key_mismatch: 'evidence_malformed',
  evidence_key_unsupported: 'evidence_malformed',
  // A key that was imported existed outside the hardware.
  evidence_key_not_generated: 'software_attestation',
  evidence_key_purpose: 'evidence_malformed',
  evidence_counter_not_zero: 'counter_rollback',
  evidence_environment_mismatch: 'development_environment',
  evidence_security_level_inconsistent: 'software_attestation',
  evidence_root_of_trust_missing: 'verified_boot_failed',
  evidence_app_mismatch: 'app_identity_mismatch',
  evidence_stale: 'evidence_stale',
  assertion_malformed: 'evidence_malformed',
  assertion_bad_signature: 'signature_invalid',
  assertion_app_mismatch: 'app_identity_mismatch',
  assertion_counter_not_rising: 'counter_rollback',
  integrity_token_malformed: 'evidence_malformed',
  integrity_token_algorithm: 'evidence_malformed',
  // Whoever makes a token up has neither key.
  integrity_token_undecryptable: 'evidence_untrusted',
  integrity_token_bad_signature: 'evidence_untrusted',
  integrity_token_refused: 'evidence_untrusted',
  integrity_payload_malformed: 'evidence_malformed',
  integrity_request_mismatch: 'challenge_replayed',
  integrity_stale: 'evidence_stale',
  integrity_testing_response: 'development_environment',
  integrity_app_mismatch: 'app_identity_mismatch',
  receipt_malformed: 'evidence_malformed',
  receipt_untrusted: 'evidence_untrusted',
  receipt_bad_signature: 'evidence_untrusted',
  receipt_app_mismatch: 'app_identity_mismatch',
  receipt_environment_mismatch: 'development_environment',
  receipt_key_mismatch: 'evidence_malformed',
  receipt_client_data_mismatch: 'challenge_replayed',
  receipt_stale: 'evidence_stale',
};

/** The threat as which the appraisal and the telemetry speak of a failed verification. */
export function threatOfEvidenceCode(code: EvidenceCode): ThreatId {
  return THREAT_OF_EVIDENCE_CODE[code];
}
