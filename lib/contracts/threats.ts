import { z } from 'zod';
import catalogue from './threat-catalogue.json';
import { type TrustVectorMember, trustVectorMemberSchema } from './verdict';

const threatSchema = z.object({
  id: z.string().regex(/^[a-z_]+$/),
  title: z.string(),
  component: z.enum(['app', 'device', 'channel', 'backend']),
  platforms: z.array(z.enum(['android', 'ios'])),
  source: z.enum(['runtime', 'evidence', 'server']),
  /** Callback of freeRASP that reports it, or `null`. */
  freerasp: z.string().nullable(),
  /** MITRE ATT&CK Mobile technique ids. */
  attack: z.array(z.string()),
  /** OWASP MASWE ids. */
  maswe: z.array(z.string()),
  vector: trustVectorMemberSchema,
});

/** One threat that Countersign knows. */
export type Threat = z.infer<typeof threatSchema>;

/** Every known threat, in the catalogue's order (which settles ties between equal responses). */
export const THREATS: readonly Threat[] = z.array(threatSchema).parse(catalogue.threats);

/** Versions of the catalogues that `attack` and `maswe` refer to. */
export const CATALOGUE_VERSIONS = { attack: catalogue.attackVersion, maswe: catalogue.masweVersion } as const;

const BY_ID: ReadonlyMap<string, Threat> = new Map(THREATS.map((threat) => [threat.id, threat]));

/** Id of a known threat, e.g. `hooks`. */
export const threatIdSchema = z.string().refine((id) => BY_ID.has(id), 'is not a known threat');
export type ThreatId = string;

/** What the rules of a policy raise, or its lack. Their responses are the rules' own, or fixed. */
export const RULED_THREATS = [
  'policy_rule',
  'policy_rule_failed',
  'policy_unsupported',
] as const satisfies readonly ThreatId[];

/** The threat with this id, if it is known. */
export function findThreat(id: string): Threat | undefined {
  return BY_ID.get(id);
}

/** A threat's title for people; the id itself where it is not known. */
export function threatTitle(id: string): string {
  return BY_ID.get(id)?.title ?? id;
}

/** The member of the trust vector that a threat lowers. */
export function threatVector(id: string): TrustVectorMember {
  return BY_ID.get(id)?.vector ?? 'runtime-opaque';
}
