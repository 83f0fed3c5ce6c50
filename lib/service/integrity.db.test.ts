import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { TEMPLATES } from '@/lib/appraisal';
import { actorWith } from '@/lib/auth/testing/actors';
import type { IntegrityChange, IntegrityRequirements } from '@/lib/contracts';
import { sha256, systemClock } from '@/lib/core';
import { readEndorsements } from '@/lib/endorsements';
import { createPlayIssuer, type TestCa, verdictPayload } from '@/lib/evidence/testing';
import type { VerdictOptions } from '@/lib/evidence/testing/play';
import { exportCase, setArchive } from '@/lib/evidence-archive';
import { readIntegrity, setIntegrity } from '@/lib/integrity';
import { publishPolicy } from '@/lib/policies';
import { explainAttestation } from '@/lib/telemetry/queries';
import type { RunningService } from './index';
import { type GoogleStandIn, startGoogle } from './testing/google';
import { Phone, type PhoneAnswer, post } from './testing/phone';
import { registerTestApp, startTestService, TEST_APP } from './testing/service';

const issuer = createPlayIssuer();
const REQUIREMENTS: IntegrityRequirements = {
  deviceLabel: 'device',
  minSdkVersion: null,
  recognized: true,
  licensed: false,
  playProtect: null,
  refusedAppAccess: [],
  maxActivityLevel: null,
  maxAgeSeconds: 3_600,
};

let db: TestDatabase;
let ca: TestCa;
let service: RunningService;
let google: GoogleStandIn;
const context = () => ({ db: db.console, actor: actorWith('admin'), clock: systemClock });

beforeAll(async () => {
  db = await createTestDatabase();
  google = await startGoogle();
  ca = await registerTestApp(db);
  service = await startTestService(db, {
    google: { apiUrl: google.origin, tokenUrl: `${google.origin}/token`, allowPrivate: true },
  });
  await publish({ integrity: REQUIREMENTS });
  await configure({ request: 'classic', keys: issuer.keys });
});

afterAll(async () => {
  await service.close();
  await google.close();
  await db.close();
});

async function revision(): Promise<number> {
  return (await readIntegrity(context(), { id: TEST_APP.id })).revision;
}

/** Resolves when the node obeys everything that was committed. */
async function enforced(): Promise<void> {
  const [head] = await db.owner.sql<{ seq: string }[]>`select seq from change_feed`;
  await vi.waitFor(async () => {
    const [node] = await db.owner.sql<{ seq: string }[]>`
      select applied_seq as seq from service_nodes where id = ${service.nodeId}`;
    expect(Number(node?.seq)).toBeGreaterThanOrEqual(Number(head?.seq));
  }, 10_000);
}

async function configure(change: Omit<IntegrityChange, 'basedOn' | 'dailyQuota'> & { dailyQuota?: number }) {
  await setIntegrity(context(), {
    id: TEST_APP.id,
    basedOn: await revision(),
    dailyQuota: 10_000,
    ...change,
  });
  await enforced();
}

async function publish(requirements: { integrity: IntegrityRequirements | null }) {
  const [app] = await db.owner.sql<{ version: number }[]>`
    select policy_version as version from apps where id = ${TEST_APP.id}`;
  const policy = {
    ...TEMPLATES.balanced,
    threats: { ...TEMPLATES.balanced.threats, sources_disagree: 'flag' as const },
    requirements: { ...TEMPLATES.balanced.requirements, environment: 'any' as const, ...requirements },
  };
  await publishPolicy(context(), {
    appId: TEST_APP.id,
    policy,
    reason: 'for this test',
    basedOn: app?.version ?? 0,
  });
  await enforced();
}

function payloadFor(clientData: Uint8Array, changes: Partial<VerdictOptions> = {}) {
  return verdictPayload({
    packageName: TEST_APP.packageName,
    signerDigest: TEST_APP.signerDigest,
    versionCode: 540,
    clientDataHash: sha256(clientData),
    nowMs: Date.now(),
    ...changes,
  });
}

const clientDataOf = (body: { clientData: string }) => Buffer.from(body.clientData, 'base64url');

/** Enrols with a token over its client data. */
async function enrolWith(
  phone: Phone,
  token: (clientData: Buffer) => string | undefined,
  changes: Record<string, unknown> = {},
): Promise<PhoneAnswer> {
  const body = await phone.enrolment(service.url, changes);
  const answer = await post(`${service.url}/v1/instances`, {
    ...body,
    integrityToken: token(clientDataOf(body)),
  });
  phone.instanceId = answer.body.instanceId ?? '';
  return answer;
}

const classic =
  (changes: Partial<VerdictOptions> = {}) =>
  (clientData: Buffer) =>
    issuer.token(payloadFor(clientData, changes));

async function explained(answer: PhoneAnswer) {
  const [event] = await db.owner.sql<{ id: string }[]>`
    select id from attestation_events
    where reference = ${answer.body.reference ?? ''} or instance_id::text = ${answer.body.instanceId ?? ''}
    order by received_at desc limit 1`;
  return await explainAttestation(context(), { id: event?.id ?? '' });
}

describe('classic requests', () => {
  test('are opened with the app’s keys, and their verdict counts until it is too old', async () => {
    const phone = new Phone(ca, 'android');
    const answer = await enrolWith(phone, classic());
    expect(answer).toMatchObject({ status: 201, body: { status: 'trusted' } });
    const { detail } = await explained(answer);
    expect(detail.integrity).toMatchObject({ recognition: 'PLAY_RECOGNIZED' });
    expect(detail.checks.map(({ id }) => id)).toContain('integrity_signature');
    expect(await phone.attest(service.url)).toMatchObject({ status: 200, body: { status: 'trusted' } });
    await db.owner.sql`
      update device_instances set integrity = jsonb_set(integrity, '{requestedAtMs}', '1000')
      where id = ${phone.instanceId}`;
    expect(await phone.attest(service.url)).toMatchObject({ status: 200, body: { status: 'restricted' } });
  });

  test('without a token are judged by the policy', async () => {
    const answer = await enrolWith(new Phone(ca, 'android'), () => undefined);
    expect(answer).toMatchObject({ body: { status: 'restricted' } });
    expect((await explained(answer)).decidingRule).toBe('requirement.integrity');
  });

  test('that are forged, replayed or of another app are refused with their code', async () => {
    const forged = createPlayIssuer();
    const rows: readonly (readonly [string, (clientData: Buffer) => string])[] = [
      ['integrity_token_undecryptable', (data) => forged.token(payloadFor(data))],
      ['integrity_request_mismatch', () => issuer.token(payloadFor(Buffer.from('another')))],
      ['integrity_app_mismatch', classic({ signerDigest: 'cd'.repeat(32) })],
      ['integrity_stale', classic({ nowMs: Date.now() - 3_600_000 })],
      ['integrity_token_malformed', () => 'x'],
    ];
    for (const [code, token] of rows) {
      const answer = await enrolWith(new Phone(ca, 'android'), token);
      expect(answer).toMatchObject({ status: 403, body: { code: 'attestation_rejected' } });
      expect((await explained(answer)).detail.evidenceCode).toBe(code);
    }
  });

  test('that contradict the key attestation are a finding of their own', async () => {
    const answer = await enrolWith(new Phone(ca, 'android'), classic({ versionCode: 541 }));
    expect(answer).toMatchObject({ status: 201, body: { status: 'flagged' } });
    const { detail, row } = await explained(answer);
    expect(row.decidingThreat).toBe('sources_disagree');
    const virtual = new Phone(ca, 'android');
    const labels = ['MEETS_DEVICE_INTEGRITY', 'MEETS_VIRTUAL_INTEGRITY'];
    expect((await enrolWith(virtual, classic({ deviceLabels: labels }))).body.status).toBe('flagged');
    // Without a new verdict the one of before goes on to count.
    expect((await virtual.attest(service.url)).body.status).toBe('flagged');
    expect(detail.checks).toContainEqual(
      expect.objectContaining({ id: 'agreement_app_version', outcome: 'warn' }),
    );
  });

  test('of iOS are passed over', async () => {
    expect(await enrolWith(new Phone(ca, 'ios'), () => 'x')).toMatchObject({ status: 201 });
  });
});

describe('signals under unknown names', () => {
  test('are kept, counted and no fault', async () => {
    const counted = async () => (await readIntegrity(context(), { id: TEST_APP.id })).unknownSignals24h;
    const before = await counted();
    const signals = { brandNewThreat: true, anotherOne: true, notFound: false };
    const answer = await enrolWith(new Phone(ca, 'android'), classic(), { signals });
    expect(answer.body.status).toBe('trusted');
    expect((await explained(answer)).detail.signals.unknown).toEqual(['brandNewThreat', 'anotherOne']);
    await expect.poll(counted, { timeout: 10_000 }).toBe(before + 2);
  });
});

describe('standard requests', () => {
  const ask = (answer: GoogleStandIn['answer']) => {
    google.answer = answer;
    return enrolWith(new Phone(ca, 'android'), (clientData) => {
      last = clientData;
      return 'a standard token';
    });
  };
  let last: Buffer = Buffer.alloc(0);
  const standard = () => ({ payload: payloadFor(last, { request: 'standard' }) });

  test('are decoded by Google with the app’s service account, counted against its quota', async () => {
    await configure({ request: 'standard', account: google.keyFile });
    expect(await ask(standard)).toMatchObject({ status: 201, body: { status: 'trusted' } });
    const decode = google.seen.find(({ path }) => path.endsWith(':decodeIntegrityToken'));
    expect(decode?.path).toBe(`/v1/${TEST_APP.packageName}:decodeIntegrityToken`);
    expect(JSON.parse(decode?.body ?? '')).toEqual({ integrity_token: 'a standard token' });
    await ask(standard);
    // The access token is asked for once, and never where the key file says.
    expect(google.seen.filter(({ path }) => path === '/token')).toHaveLength(1);
    const { usage } = await readIntegrity(context(), { id: TEST_APP.id });
    expect(usage).toMatchObject({ calls: 2, exhausted: 0 });
  });

  test('of the classic kind do not count, and what Google refuses is refused', async () => {
    const other = await ask(() => ({ payload: payloadFor(last) }));
    expect((await explained(other)).detail.evidenceCode).toBe('integrity_request_mismatch');
    const refused = await ask(() => ({ status: 400 }));
    expect((await explained(refused)).detail.evidenceCode).toBe('integrity_token_refused');
  });

  test('that cannot be decoded now leave the device without a verdict, and say why', async () => {
    const away = await ask(() => ({ status: 503 }));
    expect(away.body.status).toBe('restricted');
    expect((await explained(away)).detail.checks).toContainEqual(
      expect.objectContaining({
        id: 'integrity_token',
        outcome: 'warn',
        detail: expect.stringMatching(/503/),
      }),
    );
    await configure({ request: 'standard', dailyQuota: 5 });
    const exhausted = await ask(standard);
    expect(exhausted.body.status).toBe('restricted');
    const { usage } = await readIntegrity(context(), { id: TEST_APP.id });
    expect(usage).toMatchObject({ calls: 5, exhausted: 1 });
    const { quotas, alarms } = await readEndorsements(context());
    expect(quotas).toEqual([
      { appId: TEST_APP.id, appName: 'Retail Bank', day: usage.day, calls: 5, dailyQuota: 5, exhausted: 1 },
    ]);
    expect(alarms.map(({ id }) => id)).toContain(`quota_used_up:${TEST_APP.id}`);
  });
});

describe('the settings', () => {
  test('show no secret, and the console’s role cannot read one', async () => {
    const settings = await readIntegrity(context(), { id: TEST_APP.id });
    expect(settings.accountEmail).toBe('attestation@stand-in.iam.gserviceaccount.com');
    expect(settings.keysSetAt).not.toBeNull();
    const text = JSON.stringify(settings);
    for (const secret of Object.values(issuer.keys)) expect(text).not.toContain(secret);
    await expect(db.console.sql`select sealed_keys from app_integrity`).rejects.toThrow(/permission denied/);
    const [audit] = await db.owner
      .sql`select detail from audit_log where action = 'app.set_integrity' limit 1`;
    expect(JSON.stringify(audit)).not.toContain(issuer.keys.decryptionKey);
  });

  test('refuse what cannot be read, an edit on top of another, and who may not', async () => {
    const change = { id: TEST_APP.id, basedOn: await revision(), request: 'classic', dailyQuota: 1 } as const;
    const wrong = { ...issuer.keys, decryptionKey: 'AAAA' };
    await expect(setIntegrity(context(), { ...change, keys: wrong })).rejects.toMatchObject({
      code: 'request_invalid',
      fields: { 'keys.decryptionKey': expect.any(String) },
    });
    await expect(setIntegrity(context(), { ...change, account: '{}' })).rejects.toMatchObject({
      fields: { account: expect.any(String) },
    });
    await expect(setIntegrity(context(), { ...change, basedOn: 0 })).rejects.toMatchObject({
      code: 'edit_conflict',
    });
    for (const role of ['analyst', 'responder', 'auditor'] as const) {
      await expect(setIntegrity({ ...context(), actor: actorWith(role) }, change)).rejects.toMatchObject({
        code: 'permission_denied',
      });
    }
  });
});

describe('the archive', () => {
  test('keeps nothing until it is switched on, then every enrolment, sealed, and goes with its device', async () => {
    await configure({ request: 'classic' });
    expect(await db.owner.sql`select 1 from archived_evidence`).toHaveLength(0);
    await setArchive(context(), {
      id: TEST_APP.id,
      basedOn: await revision(),
      archiveDays: 30,
      reason: 'to replay verdicts',
    });
    await enforced();
    const phone = new Phone(ca, 'android');
    const answer = await enrolWith(phone, classic({ versionCode: 541 }));
    expect(answer.body.status).toBe('flagged');
    const [kept] = await db.owner.sql<{ sealed: Buffer }[]>`
      select sealed from archived_evidence where subject_id = ${phone.instanceId}`;
    expect(kept?.sealed.toString('latin1')).not.toContain('certificateChain');
    await expect(db.console.sql`select sealed from archived_evidence`).rejects.toThrow(/permission denied/);

    const { row } = await explained(answer);
    const exported = await exportCase(context(), { id: row.id });
    expect(exported.name).toBe(`case-${row.reference}.json`);
    const file = JSON.parse(exported.json);
    expect(file).toMatchObject({
      kind: 'countersign/attestation',
      redaction: { removed: ['clientData'], kept: [] },
      expected: { status: 'flagged', code: 'sources_disagree' },
    });
    expect(exported.json).not.toContain(issuer.keys.decryptionKey);
    expect(await db.owner.sql`select 1 from case_exports`).toHaveLength(0);
    const [audit] = await db.owner.sql`select target_id from audit_log where action = 'evidence.export'`;
    expect(audit?.target_id).toBe(row.id);

    await db.owner.sql`delete from device_instances where id = ${phone.instanceId}`;
    expect(
      await db.owner.sql`select 1 from archived_evidence where subject_id = ${phone.instanceId}`,
    ).toHaveLength(0);
  });

  test('keeps attestations that were not trusted, and no others', async () => {
    const phone = new Phone(ca, 'android');
    await enrolWith(phone, classic());
    await phone.attest(service.url);
    await phone.attest(service.url, { signals: { hooks: true } });
    const rows = await db.owner.sql`
      select e.kind, e.verdict from archived_evidence a join attestation_events e using (subject_id, received_at, id)
      where a.subject_id = ${phone.instanceId} order by a.received_at`;
    expect(rows.map(({ kind }) => kind)).toEqual(['enrol', 'attest']);
    expect(rows[1]?.verdict).not.toBe('trusted');
  });

  test('is opened for nobody who may not, and says where nothing was kept', async () => {
    const [unkept] = await db.owner.sql<{ id: string }[]>`
      select id from attestation_events e where not exists (
        select 1 from archived_evidence a where a.id = e.id and a.subject_id = e.subject_id)
      limit 1`;
    const id = unkept?.id ?? '';
    await expect(exportCase(context(), { id })).rejects.toMatchObject({ code: 'evidence_not_archived' });
    for (const role of ['analyst', 'auditor'] as const) {
      await expect(exportCase({ ...context(), actor: actorWith(role) }, { id })).rejects.toMatchObject({
        code: 'permission_denied',
      });
    }
  });
});
