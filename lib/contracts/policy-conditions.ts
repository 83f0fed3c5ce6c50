import { z } from 'zod';
import { platformSchema } from './evidence';
import { networkKindSchema } from './network-kinds';
import { threatIdSchema } from './threats';
import { responseSchema } from './verdict';

/** A version as policies state it: up to six numbers, e.g. `26.6.1`. */
export const versionBoundSchema = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,9}){0,5}$/, 'must be a version such as 26.6.1');

/** Numbers of a version; `null` where it does not begin with one. What follows the numbers (`-beta`) is not compared. */
export function versionNumbers(version: string): readonly number[] | null {
  const numbers = /^\d{1,9}(?:\.\d{1,9}){0,5}/.exec(version)?.[0];
  return numbers === undefined ? null : numbers.split('.').map(Number);
}

/** Negative, zero or positive as `a` is older than, the same as or newer than `b`; absent numbers are zero. */
export function compareVersionNumbers(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Versions from `from` (included) to `below` (excluded). A version that is no version is in no range. */
export const versionRangeSchema = z
  .strictObject({ from: versionBoundSchema.optional(), below: versionBoundSchema.optional() })
  .refine(({ from, below }) => from !== undefined || below !== undefined, 'state `from`, `below` or both')
  .refine(({ from, below }) => {
    if (from === undefined || below === undefined) return true;
    return compareVersionNumbers(versionNumbers(from) ?? [], versionNumbers(below) ?? []) < 0;
  }, '`from` must be older than `below`');
export type VersionRange = z.infer<typeof versionRangeSchema>;

/** A model by its exact name, or with `*` at the end every model that begins so. */
const modelPatternSchema = z
  .string()
  .min(1)
  .max(64)
  .refine(
    (pattern) => pattern !== '*' && !pattern.slice(0, -1).includes('*'),
    '`*` may stand at the end only',
  );

/** To what something applies; each member that is stated must hold. At least one is. */
export const conditionSchema = z
  .strictObject({
    platform: platformSchema.optional(),
    osVersion: versionRangeSchema.optional(),
    appVersion: versionRangeSchema.optional(),
    models: z.array(modelPatternSchema).min(1).max(50).optional(),
    /** ISO 3166-1 alpha-2 of where the attestation came from. Where that is not known, no country holds. */
    countries: z
      .array(z.string().regex(/^[A-Z]{2}$/, 'must be a country code such as FR'))
      .min(1)
      .max(250)
      .optional(),
    networkKinds: z.array(networkKindSchema).min(1).optional(),
  })
  .refine((condition) => Object.values(condition).some((value) => value !== undefined), 'states nothing');
export type Condition = z.infer<typeof conditionSchema>;

/** A name within a policy, as it stands in a deciding rule: `condition.<id>`, `rule.<id>`. */
export const policyItemIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,31}$/, 'must be 1 to 32 of a-z 0-9 _ -');

/** Another response to a threat where a condition holds, instead of the one in `threats`. */
export const conditionalResponseSchema = z.strictObject({
  id: policyItemIdSchema,
  threat: threatIdSchema,
  when: conditionSchema,
  response: responseSchema,
});
export type ConditionalResponse = z.infer<typeof conditionalResponseSchema>;
