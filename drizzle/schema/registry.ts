import { boolean, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { INTEGRITY_REQUESTS } from '@/lib/contracts';
import { at } from './columns';

/** The one organisation that this installation belongs to. */
export const organisations = pgTable('organisations', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  createdAt: at('created_at').notNull().defaultNow(),
});

/** A certificate that an app in a development environment trusts besides the vendors' roots. */
export interface TrustAnchorRow {
  name: string;
  certificatePem: string;
}

/** Registered apps with their reference values. */
export const apps = pgTable('apps', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  environment: text('environment', { enum: ['production', 'development'] }).notNull(),
  appleTeamId: text('apple_team_id'),
  appleBundleIds: text('apple_bundle_ids').array().notNull(),
  appleEnvironments: text('apple_environments').array().notNull(),
  androidPackages: text('android_packages').array().notNull(),
  androidSignerDigests: text('android_signer_digests').array().notNull(),
  trustAnchors: jsonb('trust_anchors').$type<TrustAnchorRow[]>().notNull(),
  onStale: text('on_stale', { enum: ['strict', 'best_effort'] }).notNull(),
  tellBlocked: boolean('tell_blocked').notNull(),
  policyVersion: integer('policy_version').notNull(),
  configVersion: integer('config_version').notNull(),
  /** What devices are told under that version: pins and protected origins. */
  config: jsonb('config').notNull().default({ pins: [], protectedOrigins: [] }),
  /** For how many days single events, rollups by the minute and by the hour, and addresses are kept. */
  retainEventDays: integer('retain_event_days').notNull().default(30),
  retainMinuteDays: integer('retain_minute_days').notNull().default(7),
  retainHourDays: integer('retain_hour_days').notNull().default(400),
  retainAddressDays: integer('retain_address_days').notNull().default(30),
  /** For how many days raw evidence is kept; 0 keeps none. */
  archiveDays: integer('archive_days').notNull().default(0),
  /** The kind of Play Integrity requests that the app makes, or none; rises with every change of its keys. */
  integrityRequest: text('integrity_request', { enum: INTEGRITY_REQUESTS }),
  integrityRevision: integer('integrity_revision').notNull().default(0),
  /** Oldest versions that are let in, whatever the policy says. */
  minimumVersions: jsonb('minimum_versions').notNull().default({ ios: null, android: null }),
  policyNeedsApproval: boolean('policy_needs_approval').notNull().default(false),
  revision: integer('revision').notNull(),
  createdAt: at('created_at').notNull(),
  updatedAt: at('updated_at').notNull(),
});

/** Versions that an app's owner released, or withdrew. */
export const appVersions = pgTable(
  'app_versions',
  {
    appId: text('app_id')
      .notNull()
      .references(() => apps.id),
    platform: text('platform', { enum: ['ios', 'android'] }).notNull(),
    version: text('version').notNull(),
    status: text('status', { enum: ['registered', 'withdrawn'] }).notNull(),
    createdAt: at('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.appId, table.platform, table.version] })],
);

/** APIs that relying parties protect. */
export const apis = pgTable('apis', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  appIds: text('app_ids').array().notNull(),
  mode: text('mode', { enum: ['observe', 'enforce'] }).notNull(),
  revision: integer('revision').notNull(),
  createdAt: at('created_at').notNull(),
  updatedAt: at('updated_at').notNull(),
});

/** Published policies; a row never changes. */
export const policyVersions = pgTable(
  'policy_versions',
  {
    appId: text('app_id')
      .notNull()
      .references(() => apps.id),
    version: integer('version').notNull(),
    policy: jsonb('policy').notNull(),
    reason: text('reason').notNull(),
    publishedBy: text('published_by').notNull(),
    publishedAt: at('published_at').notNull(),
    approvedBy: text('approved_by'),
    /** The baseline that it was brought up to; null: it inherits none. */
    baselineVersion: integer('baseline_version'),
  },
  (table) => [
    primaryKey({ columns: [table.appId, table.version] }),
    index('policy_versions_published_at').on(table.publishedAt),
  ],
);
