import type { IntegrityClaims, IntegrityRequirements, Policy, Verification } from '@/lib/contracts';
import { BUILT_IN_ANCHORS } from '../anchors';
import type { VerificationContext } from '../context';
import type { ArchivedEvidence, Replay } from './archived';

/** Why a case gives no verdict: the case itself is unusable, whatever its evidence. */
export const CASE_ERROR_CODES = [
  'case_malformed',
  'case_kind_unsupported',
  'case_file_missing',
  'case_vector_unusable',
  'case_anchor_malformed',
  'case_status_list_malformed',
  'case_keys_malformed',
] as const;
export type CaseErrorCode = (typeof CASE_ERROR_CODES)[number];

/** Contents of the files that a case names, by the names it uses. */
export type CaseFiles = ReadonlyMap<string, Uint8Array>;

/** A case that gives no verdict. */
export interface CaseFailure {
  readonly ok: false;
  /** The case's name; empty where it has none. */
  readonly case: string;
  readonly code: CaseErrorCode;
  readonly detail: string;
}

/** The answer to a case about a Play Integrity verdict, with what the case's policy asks of it. */
export interface IntegrityOutcome {
  readonly ok: true;
  readonly case: string;
  readonly integrity: Verification<IntegrityClaims>;
  readonly requirements: IntegrityRequirements;
  readonly nowMs: number;
}

/** The answer to a case that was exported from an archive, with the policy that judged it. */
export interface ReplayOutcome {
  readonly ok: true;
  readonly case: string;
  readonly replay: Replay;
  readonly archived: ArchivedEvidence;
  readonly policy: Policy;
}

/** The answer to a case: a verification with what its appraisal needs, or an explicit failure. */
export type CaseOutcome =
  | IntegrityOutcome
  | ReplayOutcome
  | {
      readonly ok: true;
      readonly case: string;
      readonly verification: Verification;
      /** The case's clock, in milliseconds; `null` where it has none. */
      readonly nowMs: number | null;
      /** What an appraisal should require: `any` where the case asks for Apple's development environment. */
      readonly environment: 'production' | 'any';
    }
  | CaseFailure;

/** A case file that was understood. */
export interface EvidenceCase {
  readonly ok: true;
  readonly case: string;
  /** Files to be read before `run`, relative to the case file. */
  readonly files: readonly string[];
  /** Verifies the evidence. Total: a file that is missing or unusable is a failure. */
  readonly run: (files: CaseFiles) => CaseOutcome;
}

/** A failure as a value. */
export function caseFailure(name: string, code: CaseErrorCode, detail: string): CaseFailure {
  return { ok: false, case: name, code, detail };
}

/** What a case does not say about the verification's context. */
export const CASE_DEFAULTS: Omit<VerificationContext, 'nowMs' | 'clientDataHash'> = {
  clientDataBytes: new Uint8Array(),
  anchors: BUILT_IN_ANCHORS,
  reference: { appleApps: [], appleEnvironments: [], androidApps: [] },
  revocation: null,
  revocationRequired: false,
  revocationMaxAgeSeconds: null,
  developmentAllowed: false,
  assertingKeyRequired: false,
  maxStatementAgeSeconds: null,
};
