import { z } from 'zod';

/** The outcome of an appraisal, from best to worst. */
export const VERDICTS = ['trusted', 'flagged', 'restricted', 'rejected'] as const;
export const verdictSchema = z.enum(VERDICTS);
export type Verdict = z.infer<typeof verdictSchema>;

/** What a policy answers to a threat, from mildest to harshest. `observe` records and changes nothing. */
export const RESPONSES = ['ignore', 'observe', 'flag', 'restrict', 'reject'] as const;
export const responseSchema = z.enum(RESPONSES);
export type Response = z.infer<typeof responseSchema>;

/** The verdict that a response leads to, where it is the worst one. */
export const VERDICT_OF_RESPONSE: Readonly<Record<Response, Verdict>> = {
  ignore: 'trusted',
  observe: 'trusted',
  flag: 'flagged',
  restrict: 'restricted',
  reject: 'rejected',
};

/** AR4SI's trustworthiness vector members, in the order of draft-ietf-rats-ar4si. */
export const TRUST_VECTOR_MEMBERS = [
  'instance-identity',
  'configuration',
  'executables',
  'file-system',
  'hardware',
  'runtime-opaque',
  'storage-opaque',
  'sourced-data',
] as const;
export const trustVectorMemberSchema = z.enum(TRUST_VECTOR_MEMBERS);
export type TrustVectorMember = z.infer<typeof trustVectorMemberSchema>;

const vectorEntrySchema = z.number().int().min(-128).max(127);

/** One signed integer (-128 to 127) per member; 0 makes no claim, 2..31 affirms, 32..95 warns, 96.. contraindicates. */
export const trustVectorSchema = z.strictObject({
  'instance-identity': vectorEntrySchema,
  configuration: vectorEntrySchema,
  executables: vectorEntrySchema,
  'file-system': vectorEntrySchema,
  hardware: vectorEntrySchema,
  'runtime-opaque': vectorEntrySchema,
  'storage-opaque': vectorEntrySchema,
  'sourced-data': vectorEntrySchema,
} satisfies Record<TrustVectorMember, z.ZodNumber>);
export type TrustVector = z.infer<typeof trustVectorSchema>;

/** A vector as it is stored with a device, whose row every attestation writes anew: its entries in order, `2 2 0 0 2 0 2 0`. */
export function encodeTrustVector(vector: TrustVector): string {
  return TRUST_VECTOR_MEMBERS.map((member) => vector[member]).join(' ');
}

/** The vector of such a text. @throws ZodError for any other text */
export function decodeTrustVector(text: string): TrustVector {
  const entries = text.split(' ');
  return trustVectorSchema.parse(
    Object.fromEntries(
      TRUST_VECTOR_MEMBERS.map((member, index) => [member, Number(entries[index] ?? Number.NaN)]),
    ),
  );
}
