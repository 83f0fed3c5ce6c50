import { z } from 'zod';
import { partiesProgressSchema } from './relying-parties';

/* Whether what was done took effect, and who did it: nodes, propagation, the audit log, search. */

const at = z.iso.datetime({ offset: true });

/** How far a change got: the proof that it took effect. */
export const propagationSchema = z.object({
  seq: z.number().int(),
  committedAt: at,
  /** Whether every node that may still let requests through enforces it. */
  enforced: z.boolean(),
  /** Nodes that enforce it / nodes that should. */
  enforcedNodes: z.number().int(),
  totalNodes: z.number().int(),
  /** Slowest acknowledgement so far, in milliseconds; `null` where none was measured. */
  slowestMs: z.number().nullable(),
  nodes: z.array(
    z.object({ nodeId: z.string(), latencyMs: z.number().nullable(), alive: z.boolean(), lastSeenAt: at }),
  ),
  /** Relying parties that verify locally; `null` where none is registered. */
  relyingParties: partiesProgressSchema.nullable(),
});
export type PropagationView = z.infer<typeof propagationSchema>;

/** A policy in force that a node is too old for. */
export const unsupportedPolicySchema = z.object({
  appId: z.string(),
  version: z.number().int(),
  schema: z.number().int(),
  /** The version that the node keeps meanwhile; `null` where it rejects everything of the app. */
  judgedBy: z.number().int().nullable(),
});
export type UnsupportedPolicy = z.infer<typeof unsupportedPolicySchema>;

export const nodeSchema = z.object({
  id: z.string(),
  version: z.string(),
  startedAt: at,
  lastSeenAt: at,
  appliedSeq: z.number().int(),
  clockSkewMs: z.number().int(),
  alive: z.boolean(),
  /** How many policies in force are of a schema that the node does not know. */
  unsupportedPolicies: z.number().int(),
});
/** The service's nodes and where the change feed stands. */
export const nodesSchema = z.object({
  headSeq: z.number().int(),
  nodes: z.array(nodeSchema),
  /** Slowest node's acknowledgement of the newest change, if every one has acknowledged it. */
  lastPropagationMs: z.number().nullable(),
  /** By how much the replica that telemetry is read from is behind; `null` where there is none, or it is away. */
  replicaLagMs: z.number().nullable().default(null),
});
export type NodesView = z.infer<typeof nodesSchema>;

export const auditRowSchema = z.object({
  id: z.number().int(),
  at,
  actorKind: z.enum(['staff', 'system', 'cli']),
  actorName: z.string(),
  action: z.string(),
  targetKind: z.string(),
  targetId: z.string(),
  appId: z.string().nullable(),
  reason: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()),
});
export const auditPageSchema = z.object({ rows: z.array(auditRowSchema), nextCursor: z.string().nullable() });
export type AuditRow = z.infer<typeof auditRowSchema>;

/** Search across devices, references and apps, for the palette. */
export const searchResultSchema = z.object({
  results: z.array(
    z.object({
      kind: z.enum(['device', 'attestation', 'app']),
      title: z.string(),
      detail: z.string(),
      href: z.string(),
    }),
  ),
});
