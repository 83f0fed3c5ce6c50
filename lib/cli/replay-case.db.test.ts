import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { actorWith } from '@/lib/auth/testing/actors';
import { rolloutStartSchema } from '@/lib/contracts';
import { sha256, systemClock } from '@/lib/core';
import { refreshStatusList } from '@/lib/endorsements';
import { startStandIn } from '@/lib/endorsements/testing/endorser';
import { parseCase } from '@/lib/evidence';
import { createPlayIssuer, type TestCa, verdictPayload } from '@/lib/evidence/testing';
import { exportCase, setArchive } from '@/lib/evidence-archive';
import { readIntegrity, setIntegrity } from '@/lib/integrity';
import { createAddressGuard } from '@/lib/outbound';
import { advanceRollout, readPolicyEditor, savePolicyDraft, startRollout } from '@/lib/policies';
import type { RunningService } from '@/lib/service';
import { Phone, type PhoneAnswer, post } from '@/lib/service/testing/phone';
import { registerTestApp, startTestService, TEST_APP } from '@/lib/service/testing/service';
import { judgeCase } from './verify-case';

const issuer = createPlayIssuer();
let db: TestDatabase;
let ca: TestCa;
let service: RunningService;
const context = () => ({ db: db.console, actor: actorWith('admin'), clock: systemClock });

beforeAll(async () => {
  db = await createTestDatabase();
  ca = await registerTestApp(db);
  // Before the node starts, so that its first snapshot has it; the vault key comes with it.
  service = await startTestService(db);
  const revision = async () => (await readIntegrity(context(), { id: TEST_APP.id })).revision;
  const about = { id: TEST_APP.id, reason: 'to replay verdicts' };
  await setArchive(context(), { ...about, basedOn: await revision(), archiveDays: 7 });
  await setIntegrity(context(), {
    id: TEST_APP.id,
    basedOn: await revision(),
    request: 'classic',
    keys: issuer.keys,
    dailyQuota: 10_000,
  });
  await service.close();
  service = await startTestService(db);
});

afterAll(async () => {
  await service.close();
  await db.close();
});

/** Enrols, with a verdict on Android, and gives the answer. */
async function enrol(phone: Phone, signals: Record<string, boolean> = {}): Promise<PhoneAnswer> {
  const body = await phone.enrolment(service.url, { signals });
  const clientData = Buffer.from(body.clientData, 'base64url');
  const integrityToken = issuer.token(
    verdictPayload({
      packageName: TEST_APP.packageName,
      signerDigest: TEST_APP.signerDigest,
      versionCode: 540,
      clientDataHash: sha256(clientData),
      nowMs: Date.now(),
    }),
  );
  const answer = await post(`${service.url}/v1/instances`, { ...body, integrityToken });
  phone.instanceId = answer.body.instanceId ?? '';
  return answer;
}

/** Exports the newest attestation, and judges the file as the command does. */
async function replayed() {
  const [event] = await db.owner.sql<{ id: string; verdict: string; threat: string | null }[]>`
    select id, verdict, deciding_threat as threat from attestation_events order by received_at desc limit 1`;
  const { json } = await exportCase(context(), { id: event?.id ?? '' });
  const file = JSON.parse(json);
  const parsed = parseCase(file);
  if (!parsed.ok) throw new Error(parsed.code);
  return { event, file, result: judgeCase('case', parsed.run(new Map()), 0) };
}

/** Each does one attestation that leaves evidence behind. */
const ATTESTATIONS: readonly (readonly [string, () => Promise<unknown>, string[]])[] = [
  ['an Android enrolment with a verdict', () => enrol(new Phone(ca, 'android')), ['clientData']],
  [
    'an enrolment whose app reports hooks',
    () => enrol(new Phone(ca, 'android'), { hooks: true }),
    ['clientData'],
  ],
  ['an iOS enrolment', () => enrol(new Phone(ca, 'ios')), ['clientData']],
  [
    'an Android attestation whose app reports hooks',
    async () => {
      const phone = new Phone(ca, 'android');
      await enrol(phone);
      await phone.attest(service.url, { signals: { hooks: true } });
    },
    [],
  ],
  [
    'an iOS assertion whose counter went back',
    async () => {
      const phone = new Phone(ca, 'ios');
      await enrol(phone);
      await phone.attest(service.url, {}, 9);
      await phone.attest(service.url, {}, 4);
    },
    ['clientData'],
  ],
  [
    'an assertion by another key',
    async () => {
      const phone = new Phone(ca, 'android');
      await enrol(phone);
      const thief = new Phone(ca, 'android');
      thief.instanceId = phone.instanceId;
      await thief.attest(service.url);
    },
    [],
  ],
  [
    'an enrolment without evidence',
    async () => {
      const body = await new Phone(ca, 'android').enrolment(service.url);
      await post(`${service.url}/v1/instances`, { ...body, evidence: { format: 'nothing' } });
    },
    ['clientData'],
  ],
];

test.each(ATTESTATIONS)('%s comes to the same verdict again', async (_what, attest, removed) => {
  await attest();
  const { event, file, result } = await replayed();
  expect(result).toMatchObject({
    status: event?.verdict,
    result: file.expected.result,
    code: file.expected.code,
  });
  expect(result.code === event?.threat || !result.verified).toBe(true);
  expect(result.basis).toMatch(/verified again and judged by version \d+ of its app’s policy/);
  expect(file.redaction.removed).toEqual(removed);
});

test('what a version in rollout judged is judged again by that one, conditions and all', async () => {
  const { id } = TEST_APP;
  const { inForce } = await readPolicyEditor(context(), { id });
  const when = { platform: 'android' as const, networkKinds: ['private' as const] };
  const draft = await savePolicyDraft(context(), {
    ...{ id, revision: 0, basedOn: inForce.version },
    policy: {
      ...inForce.policy,
      schema: 2,
      conditions: [{ id: 'here', threat: 'hooks', when, response: 'observe' }],
    },
  });
  const start = { id, revision: draft.revision, reason: 'to replay it' };
  let rollout = await startRollout(context(), rolloutStartSchema.parse(start));
  while (rollout.stage !== '50')
    rollout = await advanceRollout(context(), { id: rollout.id, stage: rollout.stage });
  const status = async () => (await enrol(new Phone(ca, 'android'), { hooks: true })).body.status;
  await expect.poll(status, { timeout: 10_000 }).toBe('trusted');
  const { file, result } = await replayed();
  expect(file.inputs.archived.app.policyVersion).toBeGreaterThan(inForce.version);
  expect(result).toMatchObject({ status: 'trusted', result: 'accept' });
});

test('a key that Google lists is refused again, by the list of then', async () => {
  const google = await startStandIn();
  google.answer((_asked, response) => response.end('{"entries":{"1":{"status":"REVOKED"}}}'));
  try {
    await refreshStatusList(db.service, { url: google.url, guard: createAddressGuard(['127.0.0.0/8']) });
  } finally {
    google.close();
  }
  const refused = async () => (await enrol(new Phone(ca, 'android'))).status;
  await expect.poll(refused, { timeout: 10_000 }).toBe(403);
  const { event, file, result } = await replayed();
  expect(event?.threat).toBe('attestation_key_revoked');
  expect(result).toMatchObject({ status: 'rejected', code: 'evidence_certificate_revoked' });
  expect(result.checks.find(({ id }) => id === 'revocation')?.outcome).toBe('fail');
  expect(file.inputs.archived.revocation.list.entries).toMatchObject([{ status: 'REVOKED' }]);
});
