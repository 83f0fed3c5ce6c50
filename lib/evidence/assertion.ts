import type { EvidenceFormat } from '@/lib/contracts';

/** What an assertion is verified against: the enrolled key and the client data that it must cover. */
export interface AssertionInput {
  readonly assertion: Uint8Array;
  /** SubjectPublicKeyInfo of the enrolled key, DER in base64url: `publicKey` of the enrolment's claims. */
  readonly publicKey: string;
  readonly clientDataBytes: Uint8Array;
  /** SHA-256 of the client data. */
  readonly clientDataHash: Uint8Array;
  /** The counter stored for this key, 0 after enrolment. Formats without a counter pass over it. */
  readonly previousCounter: number;
  /** Apple application identifiers (`TEAMID.bundle.id`) that the assertion may be for. Others pass over it. */
  readonly appleAppIds: readonly string[];
}

/** What a verified assertion proves beyond possession of the key. */
export interface AssertionClaims {
  readonly format: EvidenceFormat;
  /** App Attest's counter, to be stored by compare-and-swap; `null` for formats without one. */
  readonly counter: number | null;
  /** `TEAMID.bundle.id`, for App Attest. */
  readonly appId: string | null;
  /** iOS 27: bundle version and launch validation category. */
  readonly appVersion: string | null;
  readonly validationCategory: string | null;
}
