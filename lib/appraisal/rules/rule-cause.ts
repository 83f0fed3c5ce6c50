import { EvaluationError } from '@marcbachmann/cel-js';
import { RULE_FAULTS, RULE_VARIABLES, type RuleFault } from '@/lib/contracts';
import { NotAVersion } from './is-at-least';

/** Where nothing more is known. */
export const OTHER: RuleFault = 'other';

/** By the implementation's codes. */
const FAULTS: Readonly<Record<string, RuleFault>> = {
  division_by_zero: 'arithmetic',
  modulo_by_zero: 'arithmetic',
  numeric_overflow: 'arithmetic',
  index_out_of_bounds: 'out_of_range',
  index_out_of_range: 'out_of_range',
  int_conversion_error: 'not_convertible',
  bool_conversion_error: 'not_convertible',
};

/** Variables of which evidence may say nothing, by how an error names them. */
const ABSENT: ReadonlyMap<string, string> = new Map(
  RULE_VARIABLES.filter(({ isOptional }) => isOptional).map(({ name }) => [
    `No such key: ${name.split('.').at(-1)}`,
    name,
  ]),
);

/** Everything that an evaluation may fail for. */
export const RULE_CAUSES: readonly string[] = [...ABSENT.values(), ...RULE_FAULTS];

/** Why an evaluation failed: one of `RULE_CAUSES`, and nothing that a device sent. */
export function causeOf(error: unknown): string {
  if (error instanceof NotAVersion) return 'not_a_version' satisfies RuleFault;
  if (!(error instanceof EvaluationError)) return OTHER;
  if (error.code === 'no_such_key') return ABSENT.get(error.summary) ?? OTHER;
  return FAULTS[error.code] ?? OTHER;
}
