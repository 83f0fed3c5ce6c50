import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uuid,
} from 'drizzle-orm/pg-core';
import { at, bytea } from './columns';

/*
 * Telemetry tables are ready to be distributed: the distribution column (`subject_id` or `app_id`) is in every unique
 * key, no foreign key leaves them, and no sequence is drawn on the write path. All are range-partitioned by day.
 */

/** One row for each attestation or enrolment that was appraised. `subject_id` is the instance, or the event itself. */
export const attestationEvents = pgTable(
  'attestation_events',
  {
    subjectId: uuid('subject_id').notNull(),
    receivedAt: at('received_at').notNull(),
    id: uuid('id').notNull(),
    reference: text('reference').notNull(),
    kind: text('kind', { enum: ['enrol', 'attest'] }).notNull(),
    appId: text('app_id').notNull(),
    instanceId: uuid('instance_id'),
    verdict: text('verdict', { enum: ['trusted', 'flagged', 'restricted', 'rejected'] }).notNull(),
    decidingThreat: text('deciding_threat'),
    decidingRule: text('deciding_rule'),
    policyVersion: integer('policy_version').notNull(),
    platform: text('platform').notNull(),
    format: text('format'),
    environment: text('environment').notNull(),
    appVersion: text('app_version').notNull(),
    osVersion: text('os_version').notNull(),
    model: text('model').notNull(),
    country: text('country'),
    networkKind: text('network_kind').notNull(),
    /** Autonomous system that announces the address. */
    asn: integer('asn'),
    networkPrefix: text('network_prefix'),
    addressHash: bytea('address_hash'),
    threats: text('threats').array().notNull(),
    /** Checks, matched rules, signals, claims, vector and the smallest change that flips the verdict. */
    detail: jsonb('detail').notNull(),
    latencyUs: integer('latency_us').notNull(),
    node: text('node').notNull(),
    /** Everything that a policy judges and no other column holds, so that another policy can be tried on it. */
    facts: text('facts'),
    /** The verdict under the other version, while one is being rolled out. */
    shadowVerdict: text('shadow_verdict', { enum: ['trusted', 'flagged', 'restricted', 'rejected'] }),
  },
  (table) => [
    primaryKey({ columns: [table.subjectId, table.receivedAt, table.id] }),
    index('attestation_events_received').on(table.receivedAt.desc(), table.id.desc()),
    index('attestation_events_app_received').on(table.appId, table.receivedAt.desc(), table.id.desc()),
    index('attestation_events_reference').on(table.reference),
    /** What few events are, and many questions are about; with all facets, so that the events themselves are not read. */
    index('attestation_events_rejected')
      .on(
        table.appId,
        table.receivedAt.desc(),
        table.instanceId,
        table.decidingThreat,
        table.platform,
        table.osVersion,
        table.appVersion,
        table.country,
        table.networkKind,
        table.policyVersion,
      )
      .where(sql`${table.verdict} = 'rejected'`),
  ],
);

/** One row for each refused request, up to a rate per source; beyond it only counted. */
export const requestEvents = pgTable(
  'request_events',
  {
    subjectId: uuid('subject_id').notNull(),
    receivedAt: at('received_at').notNull(),
    id: uuid('id').notNull(),
    appId: text('app_id'),
    apiId: text('api_id'),
    instanceId: uuid('instance_id'),
    outcome: text('outcome').notNull(),
    enforced: integer('enforced').notNull(),
    networkKind: text('network_kind').notNull(),
    asn: integer('asn'),
    networkPrefix: text('network_prefix'),
    addressHash: bytea('address_hash'),
    country: text('country'),
    node: text('node').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.subjectId, table.receivedAt, table.id] }),
    index('request_events_received').on(table.receivedAt.desc(), table.id.desc()),
    index('request_events_app_received').on(table.appId, table.receivedAt.desc(), table.id.desc()),
  ],
);

const attestationRollupColumns = () => ({
  appId: text('app_id').notNull(),
  bucket: at('bucket').notNull(),
  /** Shard of the writer: two writers never touch the same row. */
  writer: text('writer').notNull(),
  /** Hash of the facets below. */
  facet: uuid('facet').notNull(),
  verdict: text('verdict').notNull(),
  decidingThreat: text('deciding_threat').notNull(),
  platform: text('platform').notNull(),
  osVersion: text('os_version').notNull(),
  appVersion: text('app_version').notNull(),
  country: text('country').notNull(),
  networkKind: text('network_kind').notNull(),
  policyVersion: integer('policy_version').notNull(),
  events: bigint('events', { mode: 'number' }).notNull(),
  latencyUs: bigint('latency_us', { mode: 'number' }).notNull(),
});

/** Attestations per minute and distinct combination of facets. An absent facet is the empty string. */
export const attestationRollupMinutes = pgTable(
  'attestation_rollup_minutes',
  attestationRollupColumns(),
  (table) => [primaryKey({ columns: [table.appId, table.bucket, table.writer, table.facet] })],
);

/** The same per hour, kept for longer. */
export const attestationRollupHours = pgTable(
  'attestation_rollup_hours',
  attestationRollupColumns(),
  (table) => [primaryKey({ columns: [table.appId, table.bucket, table.writer, table.facet] })],
);

/** What batches of attestations add to the rollups, until it is folded: each row commits with its batch. */
export const rollupJournal = pgTable('rollup_journal', {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  /** Shard of the rollups that it belongs to. */
  writer: text('writer').notNull(),
  writtenAt: at('written_at').notNull().default(sql`clock_timestamp()`),
  /** Whether minutes and counters are folded already, and hours and cells are left. */
  isRecentFolded: boolean('is_recent_folded').notNull().default(false),
  counts: text('counts').notNull(),
});

const requestRollupColumns = () => ({
  appId: text('app_id').notNull(),
  bucket: at('bucket').notNull(),
  writer: text('writer').notNull(),
  apiId: text('api_id').notNull(),
  outcome: text('outcome').notNull(),
  networkKind: text('network_kind').notNull(),
  requests: bigint('requests', { mode: 'number' }).notNull(),
});

/** Decisions for relying parties per minute. An absent app or API is the empty string. */
export const requestRollupMinutes = pgTable('request_rollup_minutes', requestRollupColumns(), (table) => [
  primaryKey({
    columns: [table.appId, table.bucket, table.writer, table.apiId, table.outcome, table.networkKind],
  }),
]);

/** The same per hour, kept for longer. */
export const requestRollupHours = pgTable('request_rollup_hours', requestRollupColumns(), (table) => [
  primaryKey({
    columns: [table.appId, table.bucket, table.writer, table.apiId, table.outcome, table.networkKind],
  }),
]);

/**
 * What was found in each cell (OS version, app version, model, country) per ten minutes. `signal` is a threat, found or
 * decided by; `verdict:rejected`, `verdict:restricted`, `verdict:flagged`; or empty for all attestations of the cell.
 */
export const cellRollups = pgTable(
  'cell_rollups',
  {
    appId: text('app_id').notNull(),
    bucket: at('bucket').notNull(),
    writer: text('writer').notNull(),
    /** Hash of the four dimensions and the platform. */
    cell: uuid('cell').notNull(),
    signal: text('signal').notNull(),
    platform: text('platform').notNull(),
    osVersion: text('os_version').notNull(),
    appVersion: text('app_version').notNull(),
    model: text('model').notNull(),
    country: text('country').notNull(),
    events: bigint('events', { mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.appId, table.bucket, table.writer, table.cell, table.signal] })],
);

/**
 * Plain counts per minute. `challenge`: challenges issued (`bin` 0). `latency_enrol`, `latency_attest`: attestations by
 * how long they took, `bin` being the place in the scale of `latency-bins.ts`. `rule_failed VERSION RULE CAUSE`: attestations in which
 * a rule of a policy could not be evaluated (`bin` 0).
 */
export const counterRollupMinutes = pgTable(
  'counter_rollup_minutes',
  {
    appId: text('app_id').notNull(),
    bucket: at('bucket').notNull(),
    writer: text('writer').notNull(),
    name: text('name').notNull(),
    bin: smallint('bin').notNull(),
    events: bigint('events', { mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.appId, table.bucket, table.writer, table.name, table.bin] }),
    /** What is nearly never counted, and every page of the console asks for. */
    index('counter_rollup_minutes_rule_failed')
      .on(table.bucket, table.appId)
      .where(sql`starts_with(${table.name}, 'rule_failed ')`),
  ],
);

/** Which instance had which verdict on which (UTC) day: exact device counts. */
export const deviceDays = pgTable(
  'device_days',
  {
    appId: text('app_id').notNull(),
    day: date('day', { mode: 'string' }).notNull(),
    instanceId: uuid('instance_id').notNull(),
    verdict: text('verdict').notNull(),
    /**
     * Of a rejected day, the day before it on which the instance was rejected, or `-infinity`; `null` while it is not linked.
     * Of all linked days in a window, those that are linked to before it are one for each instance.
     */
    previousDay: date('previous_day', { mode: 'string' }),
  },
  (table) => [
    primaryKey({ columns: [table.appId, table.day, table.instanceId, table.verdict] }),
    index('device_days_rejected')
      .on(table.appId, table.previousDay, table.day)
      .where(sql`${table.verdict} = 'rejected'`),
    index('device_days_rejected_instance')
      .on(table.appId, table.instanceId, table.day)
      .where(sql`${table.verdict} = 'rejected'`),
  ],
);

/**
 * Up to when addresses have been forgotten, per table and app (empty: what names none), so that retention looks at each
 * row once. Written by the function that forgets them.
 */
export const forgottenAddresses = pgTable(
  'forgotten_addresses',
  {
    parent: text('parent').notNull(),
    appId: text('app_id').notNull(),
    forgottenTo: at('forgotten_to').notNull(),
  },
  (table) => [primaryKey({ columns: [table.parent, table.appId] })],
);

/** Raw evidence of attestations, sealed under a key of the service, for apps whose owner opted in. */
export const archivedEvidence = pgTable(
  'archived_evidence',
  {
    subjectId: uuid('subject_id').notNull(),
    receivedAt: at('received_at').notNull(),
    id: uuid('id').notNull(),
    appId: text('app_id').notNull(),
    sealed: bytea('sealed').notNull(),
  },
  (table) => [primaryKey({ columns: [table.subjectId, table.receivedAt, table.id] })],
);
