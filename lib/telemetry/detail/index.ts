import {
  type Appraisal,
  type AttestationDetail,
  attestationDetailSchema,
  type Check,
  decodeTrustVector,
  encodeTrustVector,
} from '@/lib/contracts';
import { SIGNAL_NAMES } from './dictionary';
import { decodeChecks, encodeChecks } from './stored-checks';

/*
 * The detail of an event as it is stored. There are as many of them as attestations, and nearly all say the same: nothing is
 * repeated that the event's columns hold, what is empty is left out, and sentences and names that recur are numbers of the
 * dictionary. An ordinary one takes a sixth of the room.
 */

/** The columns of an event that its detail does not repeat. */
export type JudgedColumns = Pick<Appraisal, 'verdict' | 'decidingRule' | 'decidingThreat'>;

interface StoredDetail {
  readonly checks: string;
  readonly unlisted?: readonly Check[];
  readonly vector: string;
  readonly tokenId?: string;
  /** Names of signals, or their numbers in the dictionary. */
  readonly found?: string;
  readonly clear?: string;
  readonly unknown?: readonly string[];
  readonly matched?: Appraisal['matched'];
  readonly smallestFlip?: NonNullable<Appraisal['smallestFlip']>;
  readonly annotations?: readonly string[];
  readonly evidenceCode?: NonNullable<AttestationDetail['evidenceCode']>;
  readonly claims?: NonNullable<AttestationDetail['claims']>;
  readonly integrity?: AttestationDetail['integrity'];
  readonly blocks?: NonNullable<AttestationDetail['blocks']>;
}

const CODES: ReadonlyMap<string, string> = new Map(SIGNAL_NAMES.map((name, index) => [name, String(index)]));

/** A detail as it is stored, to be serialised. */
export function encodeDetail(detail: AttestationDetail): StoredDetail {
  const { appraisal, signals, evidenceCode, claims, integrity, tokenId, blocks } = detail;
  const { matched, smallestFlip, annotations, vector } = appraisal;
  const { checks, unlisted } = encodeChecks(detail.checks);
  return {
    checks,
    ...(unlisted.length === 0 ? {} : { unlisted }),
    vector: encodeTrustVector(vector),
    ...(tokenId === null ? {} : { tokenId }),
    ...(signals.found.length === 0 ? {} : { found: encodeNames(signals.found) }),
    ...(signals.clear.length === 0 ? {} : { clear: encodeNames(signals.clear) }),
    ...(signals.unknown.length === 0 ? {} : { unknown: signals.unknown }),
    ...(matched.length === 0 ? {} : { matched }),
    ...(smallestFlip === null ? {} : { smallestFlip }),
    ...(annotations.length === 0 ? {} : { annotations }),
    ...(evidenceCode === null ? {} : { evidenceCode }),
    ...(claims === null ? {} : { claims }),
    ...(integrity === undefined ? {} : { integrity }),
    ...(blocks === undefined ? {} : { blocks }),
  };
}

/**
 * The detail of an event from what is stored, in this form or as the schema has it, which is how it was stored before.
 * @throws ZodError, TypeError for anything else
 */
export function decodeDetail(stored: unknown, columns: JudgedColumns): AttestationDetail {
  if (typeof stored !== 'object' || stored === null || 'appraisal' in stored) {
    return attestationDetailSchema.parse(stored);
  }
  const detail = stored as StoredDetail;
  const { verdict, decidingRule, decidingThreat } = columns;
  return attestationDetailSchema.parse({
    evidenceCode: detail.evidenceCode ?? null,
    checks: decodeChecks({ checks: detail.checks, unlisted: detail.unlisted ?? [] }),
    appraisal: {
      verdict,
      decidingRule,
      decidingThreat,
      matched: detail.matched ?? [],
      vector: decodeTrustVector(detail.vector),
      smallestFlip: detail.smallestFlip ?? null,
      annotations: detail.annotations ?? [],
    },
    signals: {
      found: decodeNames(detail.found),
      clear: decodeNames(detail.clear),
      unknown: detail.unknown ?? [],
    },
    claims: detail.claims ?? null,
    integrity: detail.integrity,
    tokenId: detail.tokenId ?? null,
    blocks: detail.blocks,
  });
}

/** Names are ids of threats, which hold neither blanks nor digits. */
function encodeNames(names: readonly string[]): string {
  return names.map((name) => CODES.get(name) ?? name).join(' ');
}

function decodeNames(text: string | undefined): string[] {
  return text === undefined ? [] : text.split(' ').map((code) => SIGNAL_NAMES[Number(code)] ?? code);
}
