import type { z } from 'zod';
import { runAndroid } from './android';
import { runAssertion, runAttestation } from './apple';
import { replayArchived } from './archived';
import {
  type CaseFailure,
  type CaseFiles,
  type CaseOutcome,
  caseFailure,
  type EvidenceCase,
} from './outcome';
import { runPlayToken } from './play';
import {
  androidInputsSchema,
  archivedInputsSchema,
  assertionInputsSchema,
  attestationInputsSchema,
  caseBodySchema,
  caseHeadSchema,
  playInputsSchema,
} from './schemas';

interface Kind {
  plan(name: string, vector: string | undefined, inputs: unknown): EvidenceCase | CaseFailure;
}

/** A kind whose inputs have a schema; `extraFiles` are files beside the vector. */
function kind<Schema extends z.ZodType>(
  schema: Schema,
  run: (name: string, inputs: z.output<Schema>, vector: Uint8Array, files: CaseFiles) => CaseOutcome,
  extraFiles: (inputs: z.output<Schema>) => readonly string[] = () => [],
): Kind {
  return {
    plan: (name, vector, inputs) => {
      if (vector === undefined) return caseFailure(name, 'case_malformed', 'The case names no vector.');
      const parsed = schema.safeParse(inputs);
      if (!parsed.success) return caseFailure(name, 'case_malformed', 'The inputs do not fit the kind.');
      return {
        ok: true,
        case: name,
        files: [vector, ...extraFiles(parsed.data)],
        run: (files) => {
          const content = files.get(vector);
          return content === undefined
            ? caseFailure(name, 'case_file_missing', vector)
            : run(name, parsed.data, content, files);
        },
      };
    },
  };
}

/** A case that was exported from an archive: everything that it needs is in its inputs. */
const ARCHIVED: Kind = {
  plan: (name, _vector, inputs) => {
    const parsed = archivedInputsSchema.safeParse(inputs);
    if (!parsed.success) return caseFailure(name, 'case_malformed', 'The inputs do not fit the kind.');
    const { archived, policy } = parsed.data;
    return {
      ok: true,
      case: name,
      files: [],
      run: () => ({ ok: true, case: name, replay: replayArchived(archived), archived, policy }),
    };
  },
};

const KINDS: ReadonlyMap<string, Kind> = new Map([
  ['apple-appattest/attestation', kind(attestationInputsSchema, runAttestation)],
  ['apple-appattest/assertion', kind(assertionInputsSchema, runAssertion)],
  [
    'android-key-attestation',
    kind(androidInputsSchema, runAndroid, ({ trustAnchors, statusList }) => [
      ...(trustAnchors ?? []),
      ...(statusList == null ? [] : [statusList]),
    ]),
  ],
  ['countersign/attestation', ARCHIVED],
  ['play-integrity-token', kind(playInputsSchema, runPlayToken, ({ keys }) => [keys])],
]);

/** How a case says that it is for parsers and has no verdict. */
const NOT_APPLICABLE = 'n/a';

/**
 * Understands the JSON of a case file (`{case, kind, vector, inputs, expected}`). The expectation is not looked at,
 * except that a case marked as not applicable is refused as unsupported. Pure: the caller reads `files`.
 */
export function parseCase(json: unknown): EvidenceCase | CaseFailure {
  const head = caseHeadSchema.safeParse(json);
  if (!head.success) return caseFailure('', 'case_malformed', 'Not a case file.');
  const name = head.data.case ?? '';
  const found = KINDS.get(head.data.kind);
  if (found === undefined || head.data.expected?.result?.startsWith(NOT_APPLICABLE))
    return caseFailure(name, 'case_kind_unsupported', head.data.kind);
  const body = caseBodySchema.safeParse(json);
  if (!body.success) return caseFailure(name, 'case_malformed', 'The case has no inputs.');
  return found.plan(name, body.data.vector, body.data.inputs);
}
