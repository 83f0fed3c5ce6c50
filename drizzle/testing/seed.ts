import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import {
  apps,
  attestationEvents,
  attestationRollupHours,
  attestationRollupMinutes,
  changeAcks,
  deviceDays,
  deviceInstances,
  policyVersions,
  requestRollupHours,
  requestRollupMinutes,
  serviceNodes,
} from '@/drizzle/schema';
import { TEMPLATES } from '@/lib/appraisal';
import {
  type AttestationDetail,
  type EvidenceClaims,
  encodeTrustVector,
  type TrustVector,
  type Verdict,
} from '@/lib/contracts';
import { newId, newReference } from '@/lib/core';
import type { Database } from '@/lib/db';

/* Rows as the product would have written them, for tests that read. Times in milliseconds since the epoch. */

const VECTOR: TrustVector = {
  'instance-identity': 2,
  configuration: 0,
  executables: 0,
  'file-system': 0,
  hardware: 2,
  'runtime-opaque': 0,
  'storage-opaque': 0,
  'sourced-data': 0,
};

const CLAIMS: EvidenceClaims = {
  format: 'dev',
  platform: 'android',
  environment: 'development',
  publicKey: 'AAAA',
  keyId: 'AAAA',
  securityLevel: 'tee',
  anchor: 'test',
  boot: null,
  app: { id: 'com.example.bank', version: null, signerDigests: [] },
  osVersion: null,
  osPatchLevel: null,
  vendorPatchLevel: null,
  bootPatchLevel: null,
  attestationVersion: null,
  provisioning: null,
  certificatesIssued: null,
  validationCategory: null,
};

/** A registered app with the balanced policy as its first. */
export async function seedApp(db: Database, id: string, name = id): Promise<void> {
  const now = new Date();
  await db.orm.insert(apps).values({
    id,
    name,
    environment: 'development',
    appleTeamId: null,
    appleBundleIds: [],
    appleEnvironments: [],
    androidPackages: [`com.example.${id.replaceAll('-', '_')}`],
    androidSignerDigests: [randomBytes(32).toString('hex')],
    trustAnchors: [],
    onStale: 'strict',
    tellBlocked: false,
    policyVersion: 1,
    configVersion: 1,
    revision: 1,
    createdAt: now,
    updatedAt: now,
  });
  await db.orm.insert(policyVersions).values({
    appId: id,
    version: 1,
    policy: TEMPLATES.balanced,
    reason: 'Seeded.',
    publishedBy: 'test',
    publishedAt: now,
  });
}

/** A device instance; gives its id. */
export async function seedInstance(
  db: Database,
  appId: string,
  about: Partial<typeof deviceInstances.$inferInsert> = {},
): Promise<string> {
  const id = about.id ?? newId(Date.now());
  const now = new Date();
  await db.orm.insert(deviceInstances).values({
    id,
    appId,
    platform: 'android',
    format: 'dev',
    publicKey: randomBytes(91),
    keyId: randomBytes(32),
    counter: 0,
    claims: CLAIMS,
    verdict: 'trusted',
    vector: encodeTrustVector(VECTOR),
    appVersion: '5.4.0',
    osVersion: '16',
    model: 'Pixel 10',
    networkPrefix: '192.0.2.0/24',
    evidenceAt: now,
    firstSeenAt: now,
    lastSeenAt: now,
    listedAt: about.lastSeenAt ?? now,
    ...about,
  });
  return id;
}

/** What of an event a test may choose. */
export interface SeededEvent {
  appId: string;
  atMs: number;
  verdict?: Verdict;
  threat?: string | null;
  instanceId?: string | null;
  appVersion?: string;
  country?: string | null;
  network?: string;
  writer?: string;
  kind?: 'enrol' | 'attest';
  model?: string;
}

/** An attestation with its rollup rows and its device day; gives its id and reference. */
export async function seedEvent(
  db: Database,
  event: SeededEvent,
): Promise<{ id: string; reference: string }> {
  const id = newId(event.atMs);
  const reference = newReference();
  const verdict = event.verdict ?? 'trusted';
  const threat = event.threat ?? null;
  const receivedAt = new Date(event.atMs);
  const day = receivedAt.toISOString().slice(0, 10);
  const instanceId = event.instanceId ?? null;
  await db.orm.execute(sql`select countersign_ensure_partitions(${day}::date, ${day}::date)`);
  const facets = {
    appVersion: event.appVersion ?? '5.4.0',
    osVersion: '16',
    platform: 'android',
    networkKind: event.network ?? 'mobile',
    policyVersion: 1,
  };
  await db.orm.insert(attestationEvents).values({
    ...facets,
    subjectId: instanceId ?? id,
    receivedAt,
    id,
    reference,
    kind: event.kind ?? 'attest',
    appId: event.appId,
    instanceId,
    verdict,
    decidingThreat: threat,
    decidingRule: threat === null ? null : `threat.${threat}`,
    format: 'dev',
    environment: 'development',
    model: event.model ?? 'Pixel 10',
    country: event.country ?? null,
    networkPrefix: '192.0.2.0/24',
    threats: threat === null ? [] : [threat],
    detail: detailOf(verdict, threat),
    latencyUs: 800,
    node: 'test-w1',
  });
  await addToRollups(db, { ...facets, ...event, verdict, threat });
  if (instanceId !== null) {
    await db.orm
      .insert(deviceDays)
      .values({ appId: event.appId, day, instanceId, verdict })
      .onConflictDoNothing();
  }
  return { id, reference };
}

/** A node of the service that enforces everything up to `appliedSeq`. */
export async function seedNode(db: Database, id: string, appliedSeq: number): Promise<void> {
  await db.orm.execute(sql`
    insert into service_nodes (id, version, started_at, last_seen_at, epoch, applied_seq, clock_skew_ms)
    select ${id}, 'test', clock_timestamp(), clock_timestamp(), epoch, ${appliedSeq}, 0 from change_feed
    on conflict (id) do update set applied_seq = excluded.applied_seq, last_seen_at = excluded.last_seen_at`);
}

/** A node's acknowledgement of a change, which wakes whoever listens. */
export async function seedAck(db: Database, nodeId: string, seq: number): Promise<void> {
  await db.orm.transaction(async (tx) => {
    await tx
      .insert(changeAcks)
      .values({ seq, nodeId, appliedAt: sql`clock_timestamp()` })
      .onConflictDoNothing();
    await tx
      .update(serviceNodes)
      .set({ appliedSeq: seq, lastSeenAt: sql`clock_timestamp()` })
      .where(sql`id = ${nodeId}`);
    await tx.execute(sql`select pg_notify('countersign_acks', ${JSON.stringify({ nodeId, seq })})`);
  });
}

/** Decisions for relying parties in one minute, and in its hour. */
export async function seedRequests(
  db: Database,
  row: { appId: string; atMs: number; outcome: string; requests: number; writer?: string },
): Promise<void> {
  for (const [table, widthMs] of [
    [requestRollupMinutes, 60_000],
    [requestRollupHours, 3_600_000],
  ] as const) {
    await db.orm
      .insert(table)
      .values({
        appId: row.appId,
        bucket: new Date(Math.floor(row.atMs / widthMs) * widthMs),
        writer: row.writer ?? 'w1',
        apiId: 'payments',
        outcome: row.outcome,
        networkKind: 'mobile',
        requests: row.requests,
      })
      .onConflictDoUpdate({
        target: [table.appId, table.bucket, table.writer, table.apiId, table.outcome, table.networkKind],
        set: { requests: sql`${table.requests} + excluded.requests` },
      });
  }
}

async function addToRollups(
  db: Database,
  event: SeededEvent & {
    verdict: Verdict;
    threat: string | null;
    appVersion: string;
    osVersion: string;
    platform: string;
    networkKind: string;
    policyVersion: number;
  },
): Promise<void> {
  for (const [table, width] of [
    [attestationRollupMinutes, 60_000],
    [attestationRollupHours, 3_600_000],
  ] as const) {
    await db.orm.insert(table).values({
      appId: event.appId,
      bucket: new Date(Math.floor(event.atMs / width) * width),
      writer: event.writer ?? 'w1',
      facet: newId(Date.now()),
      verdict: event.verdict,
      decidingThreat: event.threat ?? '',
      platform: event.platform,
      osVersion: event.osVersion,
      appVersion: event.appVersion,
      country: event.country ?? '',
      networkKind: event.networkKind,
      policyVersion: event.policyVersion,
      events: 1,
      latencyUs: 800,
    });
  }
}

function detailOf(verdict: Verdict, threat: string | null): AttestationDetail {
  return {
    evidenceCode: null,
    checks: [{ id: 'chain_trusted', outcome: 'pass', detail: 'The chain ends at a pinned root.' }],
    appraisal: {
      verdict,
      decidingRule: threat === null ? null : `threat.${threat}`,
      decidingThreat: threat,
      matched: [],
      vector: VECTOR,
      smallestFlip: null,
      annotations: [],
    },
    signals: { found: threat === null ? [] : [threat], clear: [], unknown: [] },
    claims: CLAIMS,
    tokenId: null,
  };
}
