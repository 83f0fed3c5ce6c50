import { z } from 'zod';
import { NETWORK_KINDS, type NetworkKind } from '@/lib/contracts';
import { type Prefix, parsePrefix } from './address-number';

/** What an operator of Countersign knows better about some networks. */
export interface NetworkOverrides {
  readonly asns: ReadonlyMap<number, NetworkKind>;
  readonly prefixes: readonly (readonly [Prefix, NetworkKind])[];
}

export const NO_OVERRIDES: NetworkOverrides = { asns: new Map(), prefixes: [] };

/** A file of overrides that cannot be used. The message says what is wrong, for the operator. */
export class NetworksFileError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NetworksFileError';
  }
}

const MAX_ENTRIES = 100_000;
const kindSchema = z.enum(NETWORK_KINDS, `must be one of ${NETWORK_KINDS.join(', ')}`);

const asnSchema = z
  .string()
  .refine((text) => /^\d{1,10}$/.test(text) && Number(text) > 0 && Number(text) <= 0xffff_ffff, {
    message: 'is no AS number',
  });
const prefixSchema = z
  .string()
  .refine((text) => parsePrefix(text) !== undefined, { message: 'is no address or CIDR range' });

const fileSchema = z.strictObject({
  asns: z.record(asnSchema, kindSchema).default({}),
  prefixes: z.record(prefixSchema, kindSchema).default({}),
});

/**
 * Reads `{"asns": {"64496": "access"}, "prefixes": {"203.0.113.0/24": "hosting"}}`.
 * @throws NetworksFileError naming the first entry that is wrong
 */
export function parseOverrides(text: string): NetworkOverrides {
  const parsed = fileSchema.safeParse(parseJson(text));
  if (!parsed.success) throw new NetworksFileError(problemOf(parsed.error));
  const { asns, prefixes } = parsed.data;
  const count = Object.keys(asns).length + Object.keys(prefixes).length;
  if (count > MAX_ENTRIES) throw new NetworksFileError(`has more than ${MAX_ENTRIES} entries`);
  return {
    asns: new Map(Object.entries(asns).map(([asn, kind]) => [Number(asn), kind])),
    prefixes: Object.entries(prefixes).flatMap(([text, kind]) => {
      const prefix = parsePrefix(text);
      return prefix === undefined ? [] : [[prefix, kind] as const];
    }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new NetworksFileError('is no JSON');
  }
}

function problemOf({ issues: [issue] }: z.ZodError): string {
  if (issue === undefined) return 'is wrong';
  const where = issue.path.map(String).join(' ');
  const what = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  return where === '' ? `is wrong: ${what}` : `is wrong at ${where}: ${what}`;
}
