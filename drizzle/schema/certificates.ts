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
  real,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { at } from './columns';
import { deviceInstances } from './devices';
import { apps } from './registry';

/** Hosts whose certificates an app pins. One per host and app, because devices pin by host. */
export const protectedOrigins = pgTable(
  'protected_origins',
  {
    id: uuid('id').primaryKey(),
    appId: text('app_id')
      .notNull()
      .references(() => apps.id),
    host: text('host').notNull(),
    port: integer('port').notNull(),
    /** Name sent in the TLS handshake, where it is not the host. */
    serverName: text('server_name'),
    includeSubdomains: boolean('include_subdomains').notNull(),
    /** Configuration version that its pin set in force was published with; `null` before the first. */
    pinVersion: integer('pin_version'),
    createdAt: at('created_at').notNull(),
    createdByName: text('created_by_name').notNull(),
    /** When the next probe is due; moved ahead by whoever begins one. */
    probeDueAt: at('probe_due_at').notNull(),
    /** Since when somebody waits for a probe; `null` when it has been made. */
    probeRequestedAt: at('probe_requested_at'),
    probeRequestedByName: text('probe_requested_by_name'),
  },
  (table) => [
    uniqueIndex('protected_origins_host').on(table.appId, table.host),
    index('protected_origins_due').on(table.probeDueAt),
  ],
);

/** Published pin sets; a row never changes. `version` is the configuration version of the app that carries it. */
export const pinSetVersions = pgTable(
  'pin_set_versions',
  {
    appId: text('app_id').notNull(),
    version: integer('version').notNull(),
    originId: uuid('origin_id').notNull(),
    host: text('host').notNull(),
    pins: jsonb('pins').notNull(),
    reportOnly: boolean('report_only').notNull(),
    reason: text('reason').notNull(),
    /** What was wrong with it when it was published all the same. */
    overridden: text('overridden').array().notNull(),
    publishedByName: text('published_by_name').notNull(),
    publishedAt: at('published_at').notNull(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.appId, table.version] }),
    index('pin_set_versions_origin').on(table.originId, table.version.desc()),
  ],
);

/** What was found at an origin, newest first; old rows are deleted. */
export const originProbes = pgTable(
  'origin_probes',
  {
    id: uuid('id').primaryKey(),
    originId: uuid('origin_id')
      .notNull()
      .references(() => protectedOrigins.id, { onDelete: 'cascade' }),
    probedAt: at('probed_at').notNull(),
    /** Who asked for it; `null` for a scheduled one. */
    requestedByName: text('requested_by_name'),
    outcome: text('outcome').notNull(),
    address: text('address'),
    protocol: text('protocol'),
    durationMs: integer('duration_ms').notNull(),
    chain: jsonb('chain').notNull(),
    /** What is wrong with the certificate, whatever is pinned. */
    findings: text('findings').array().notNull(),
  },
  (table) => [index('origin_probes_newest').on(table.originId, table.probedAt.desc())],
);

/** Rotations of a pin, one at a time for an origin. A finished or cancelled one stays as history. */
export const pinRotations = pgTable(
  'pin_rotations',
  {
    id: uuid('id').primaryKey(),
    appId: text('app_id').notNull(),
    originId: uuid('origin_id')
      .notNull()
      .references(() => protectedOrigins.id, { onDelete: 'cascade' }),
    state: text('state', { enum: ['adopting', 'switching', 'confirmed', 'finished', 'cancelled'] }).notNull(),
    newPin: text('new_pin').notNull(),
    oldPin: text('old_pin').notNull(),
    /** First configuration version that holds the new pin. */
    addedInVersion: integer('added_in_version').notNull(),
    /** Share of the devices that must hold it before the switch, 0 to 1. */
    targetShare: real('target_share').notNull(),
    startedAt: at('started_at').notNull(),
    startedByName: text('started_by_name').notNull(),
    switchedAt: at('switched_at'),
    switchedByName: text('switched_by_name'),
    /** Devices that did not hold the new pin when the switch was announced. */
    cutOffAtSwitch: integer('cut_off_at_switch'),
    confirmedAt: at('confirmed_at'),
    endedAt: at('ended_at'),
    endedByName: text('ended_by_name'),
    retiredInVersion: integer('retired_in_version'),
  },
  (table) => [
    uniqueIndex('pin_rotations_one_open')
      .on(table.originId)
      .where(sql`${table.state} in ('adopting', 'switching', 'confirmed')`),
    index('pin_rotations_origin').on(table.originId, table.startedAt.desc()),
  ],
);

/** Failures of pinning that devices reported: one row a device, day, host, network and key that it saw instead. */
export const pinFailures = pgTable(
  'pin_failures',
  {
    instanceId: uuid('instance_id')
      .notNull()
      .references(() => deviceInstances.id, { onDelete: 'cascade' }),
    day: date('day').notNull(),
    host: text('host').notNull(),
    kind: text('kind', { enum: ['expired', 'mismatch', 'outdated_pins'] }).notNull(),
    networkPrefix: text('network_prefix').notNull(),
    /** SHA-256 of the key of the certificate that the device was shown, base64. */
    leafPin: text('leaf_pin').notNull(),
    appId: text('app_id').notNull(),
    leafSubject: text('leaf_subject').notNull(),
    leafIssuer: text('leaf_issuer').notNull(),
    leafNotAfter: at('leaf_not_after').notNull(),
    networkKind: text('network_kind').notNull(),
    asn: integer('asn'),
    country: text('country'),
    reports: integer('reports').notNull(),
    firstAt: at('first_at').notNull(),
    lastAt: at('last_at').notNull(),
  },
  (table) => [
    primaryKey({
      columns: [table.instanceId, table.day, table.host, table.kind, table.networkPrefix, table.leafPin],
    }),
    index('pin_failures_app').on(table.appId, table.day, table.host),
  ],
);
