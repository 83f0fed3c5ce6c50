import { sql } from 'drizzle-orm';
import { bigint, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { at, bytea } from './columns';

/** Who verifies tokens of an API locally, and follows the revocation feed under a credential of its own. */
export const relyingParties = pgTable(
  'relying_parties',
  {
    id: uuid('id').primaryKey(),
    name: text('name').notNull(),
    apiId: text('api_id').notNull(),
    /** SHA-256 of the credential, which is 256 random bits and is shown once. */
    credentialHash: bytea('credential_hash').notNull(),
    createdAt: at('created_at').notNull(),
    createdByName: text('created_by_name').notNull(),
    removedAt: at('removed_at'),
    removedByName: text('removed_by_name'),
  },
  (table) => [
    uniqueIndex('relying_parties_credential').on(table.credentialHash),
    uniqueIndex('relying_parties_name').on(table.name).where(sql`${table.removedAt} is null`),
  ],
);

/**
 * How far each process of a relying party has applied the revocation feed, one row each: the position, and when it came to
 * its last sixteen. No index holds what changes, so that an acknowledgement writes the row and nothing else.
 */
export const relyingPartyReplicas = pgTable(
  'relying_party_replicas',
  {
    partyId: uuid('party_id').notNull(),
    replica: text('replica').notNull(),
    epoch: uuid('epoch').notNull(),
    appliedSeq: bigint('applied_seq', { mode: 'number' }).notNull(),
    lastSeenAt: at('last_seen_at').notNull(),
    stepSeqs: bigint('step_seqs', { mode: 'number' }).array().notNull(),
    stepAts: at('step_ats').array().notNull(),
  },
  (table) => [primaryKey({ columns: [table.partyId, table.replica] })],
);
