import type { Anchor, AnchorSet } from './anchors';

/** Environments of Apple's App Attest. */
export type AppleEnvironment = 'production' | 'development';

/** An iOS app as its owner registered it. */
export interface AppleApp {
  readonly teamId: string;
  readonly bundleId: string;
}

/** An Android package together with the complete set of its signing certificates' SHA-256, lower-case hex. */
export interface AndroidApp {
  readonly packageName: string;
  readonly signerDigests: readonly string[];
}

/** Reference values (RFC 9334): what an app's owner registered. Nothing registered means nothing is accepted. */
export interface ReferenceValues {
  readonly appleApps: readonly AppleApp[];
  readonly appleEnvironments: readonly AppleEnvironment[];
  readonly androidApps: readonly AndroidApp[];
}

/** One entry of Google's attestation status list. Any entry means: do not trust. */
export interface RevocationEntry {
  readonly status: string;
  readonly reason: string | null;
}

/** Google's attestation status list as fetched. Keys are serials in hexadecimal, some of them in decimal. */
export interface RevocationSnapshot {
  readonly entries: ReadonlyMap<string, RevocationEntry>;
  /** Milliseconds since the epoch. */
  readonly fetchedAt: number;
}

/** Everything that a verification knows besides the evidence. */
export interface VerificationContext {
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** What the evidence must cover: SHA-256 of the client data, as the device appended it. */
  readonly clientDataHash: Uint8Array;
  /** The client data itself, for formats that sign it. */
  readonly clientDataBytes: Uint8Array;
  readonly anchors: AnchorSet;
  readonly reference: ReferenceValues;
  readonly revocation: RevocationSnapshot | null;
  /** Whether a missing or outdated revocation snapshot refuses the evidence; otherwise it is a warning. */
  readonly revocationRequired: boolean;
  /** Age in seconds from which a revocation snapshot counts as outdated; `null` never. */
  readonly revocationMaxAgeSeconds: number | null;
  /** Whether `dev` evidence may be accepted at all. */
  readonly developmentAllowed: boolean;
  /** Whether the attested key must be one that can assert later: ECDSA P-256. */
  readonly assertingKeyRequired: boolean;
  /** Largest accepted age in seconds of the statement itself, where it says when it was made; `null` for any. */
  readonly maxStatementAgeSeconds: number | null;
}

export type { Anchor, AnchorSet };

/** `TEAMID.bundle.id`, Apple's application identifier. */
export function appleAppId(app: AppleApp): string {
  return `${app.teamId}.${app.bundleId}`;
}

/**
 * The Android apps of a flat registration, where each package may be signed by any *one* of the digests. For an app
 * with several simultaneous signers, build the `AndroidApp` by hand.
 */
export function androidApps(packages: readonly string[], signerDigests: readonly string[]): AndroidApp[] {
  return packages.flatMap((packageName) =>
    signerDigests.map((digest) => ({ packageName, signerDigests: [digest.toLowerCase()] })),
  );
}
