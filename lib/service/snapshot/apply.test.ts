import { describe, expect, test } from 'vitest';
import { TEMPLATES } from '@/lib/appraisal';
import { BlockList } from '@/lib/block-list';
import type { ApiKeySnapshot, AppSnapshot, BlockSnapshot, Change, CutOffSnapshot } from '@/lib/contracts';
import { createSigningKeyPair } from '@/lib/tokens/signing';
import { applyChange, dropPastCutOffs } from './apply';
import { carryRevocations } from './carry';
import { buildSnapshot, type Snapshot } from './state';

const APP: AppSnapshot = {
  id: 'retail-bank',
  name: 'Retail Bank',
  environment: 'production',
  appleTeamId: 'ABCDE12345',
  appleBundleIds: ['com.example.bank'],
  appleEnvironments: ['production'],
  androidPackages: [],
  androidSignerDigests: [],
  trustAnchors: [],
  onStale: 'strict',
  tellBlocked: true,
  integrityRequest: null,
  integrityRevision: 0,
  archiveDays: 0,
  configVersion: 1,
  config: { pins: [], protectedOrigins: [] },
  policyVersion: 1,
  policy: TEMPLATES.balanced,
  candidate: null,
  quarantines: [],
  minimumVersions: { ios: null, android: null },
  versions: [{ platform: 'ios', version: '5.4.0', status: 'registered' }],
};
const A = '01920000-0000-7000-8000-00000000000a';
const B = '01920000-0000-7000-8000-00000000000b';
const TARGET = '0b0a4a34-7c5e-8d1f-9b7e-3a1f4d2c6b5a';

function block(id: string, changes: Partial<BlockSnapshot> = {}): BlockSnapshot {
  return {
    id,
    scope: 'instance',
    appId: APP.id,
    target: TARGET,
    effect: 'refuse',
    expiresAtMs: null,
    active: true,
    ...changes,
  };
}

function decided(snapshot: Snapshot, nowMs = 0) {
  return snapshot.blocks.decide(
    {
      appId: APP.id,
      instanceId: TARGET,
      hardware: null,
      appVersion: null,
      osBuild: null,
      signers: [],
      network: null,
      asn: null,
      country: null,
    },
    nowMs,
  );
}

function empty(): Snapshot {
  return buildSnapshot({
    epoch: 'e',
    seq: 0,
    apps: [],
    apis: [],
    blocks: new BlockList(),
    signingKeys: [],
    cutOffs: [],
    apiKeys: [],
    relyingParties: [],
    statusList: { digest: null, fetchedAtMs: null, maxAgeSeconds: 0, list: null },
  });
}

/** Applies changes in order, numbering them. */
function applied(...changes: Pick<Change, 'topic' | 'payload'>[]): Snapshot {
  const snapshot = empty();
  for (const [index, change] of changes.entries()) {
    applyChange(snapshot, { ...change, seq: index + 1 } as Change);
  }
  return snapshot;
}

const cutOff = (notBeforeSeconds: number, changes: Partial<CutOffSnapshot> = {}): CutOffSnapshot => ({
  id: `c${notBeforeSeconds}`,
  scope: 'app',
  target: APP.id,
  notBeforeSeconds,
  ...changes,
});

const publicKey = () => {
  const { kid, publicJwk } = createSigningKeyPair();
  const { kty, crv, x, y } = publicJwk;
  return { kid, publicJwk: { kty, crv, x, y }, state: 'active' as const, status: 'active' as const };
};

describe('a change', () => {
  test('must follow the one before: a gap, a repetition and a step back are refused', () => {
    const snapshot = applied({ topic: 'app', payload: APP });
    for (const seq of [0, 1, 3]) {
      expect(() => applyChange(snapshot, { seq, topic: 'app', payload: APP })).toThrow(RangeError);
    }
    expect(snapshot.seq).toBe(1);
  });

  test('leads to the same snapshot as loading what it says', () => {
    const key = publicKey();
    const api = { id: 'retail-api', name: 'API', appIds: [APP.id], mode: 'enforce' as const };
    const blocks = new BlockList();
    blocks.set(block(A));
    const changed = applied(
      { topic: 'app', payload: { ...APP, name: 'Old' } },
      { topic: 'app', payload: APP },
      { topic: 'api', payload: api },
      { topic: 'block', payload: block(A) },
      { topic: 'signing_key', payload: key },
      { topic: 'cut_off', payload: cutOff(100) },
      { topic: 'cut_off', payload: cutOff(90) },
    );
    const loaded = buildSnapshot({
      epoch: 'e',
      seq: 7,
      apps: [APP],
      apis: [api],
      blocks,
      signingKeys: [key],
      cutOffs: [cutOff(100)],
      apiKeys: [],
      relyingParties: [],
      statusList: { digest: null, fetchedAtMs: null, maxAgeSeconds: 0, list: null },
    });
    const visible = (snapshot: Snapshot) => ({
      seq: snapshot.seq,
      apps: [...snapshot.apps].map(([id, entry]) => [id, entry.app, [...entry.versions]]),
      apis: [...snapshot.apis],
      blocks: [snapshot.blocks.size, decided(snapshot)],
      keys: [...snapshot.keys].map(([kid, entry]) => [kid, entry.snapshot]),
      cutOffs: [...snapshot.cutOffs.all()],
    });
    expect(visible(changed)).toEqual(visible(loaded));
  });
});

describe('a block', () => {
  test('is in force until it is lifted', () => {
    const snapshot = applied({ topic: 'block', payload: block(A) });
    expect(decided(snapshot)).toMatchObject({ block: { id: A } });
    applyChange(snapshot, { seq: 2, topic: 'block', payload: block(A, { active: false }) });
    expect(snapshot.blocks.size).toBe(0);
  });

  test('is not lifted by the end of another one on the same instance', () => {
    const snapshot = applied(
      { topic: 'block', payload: block(A) },
      { topic: 'block', payload: block(B) },
      { topic: 'block', payload: block(A, { active: false }) },
    );
    expect(decided(snapshot)).toMatchObject({ block: { id: B } });
  });

  test('ends by itself at its moment, and not before', () => {
    const snapshot = applied({ topic: 'block', payload: block(A, { expiresAtMs: 1_000 }) });
    expect(decided(snapshot, 999)).toMatchObject({ block: { id: A } });
    expect(decided(snapshot, 1_000)).toBeNull();
  });

  test('whose target cannot be read is refused, so that the reader starts over', () => {
    expect(() => applied({ topic: 'block', payload: block(A, { target: 'nonsense' }) })).toThrow(RangeError);
  });
});

describe('a signing key', () => {
  test('keeps its key object while only its state changes', () => {
    const key = publicKey();
    const snapshot = applied({ topic: 'signing_key', payload: key });
    const before = snapshot.publicKeys.get(key.kid);
    applyChange(snapshot, { seq: 2, topic: 'signing_key', payload: { ...key, state: 'revoked' } });
    expect(snapshot.publicKeys.get(key.kid)).toBe(before);
    expect(snapshot.keys.get(key.kid)?.snapshot.state).toBe('revoked');
  });

  test('that was revoked stays so, whatever comes later', () => {
    const key = publicKey();
    const snapshot = applied({ topic: 'signing_key', payload: { ...key, state: 'revoked' } });
    applyChange(snapshot, { seq: 2, topic: 'signing_key', payload: key });
    expect(snapshot.keys.get(key.kid)?.snapshot.state).toBe('revoked');
  });

  test('that is another key under the same id gets another key object', () => {
    const key = publicKey();
    const snapshot = applied({ topic: 'signing_key', payload: key });
    const before = snapshot.publicKeys.get(key.kid);
    applyChange(snapshot, { seq: 2, topic: 'signing_key', payload: { ...publicKey(), kid: key.kid } });
    expect(snapshot.publicKeys.get(key.kid)).not.toBe(before);
  });
});

describe('a cut-off', () => {
  test('of an instance is forgotten once no living token can be older, and others never', () => {
    const instance = cutOff(10_000, { scope: 'instance', target: TARGET });
    const snapshot = applied(
      { topic: 'cut_off', payload: instance },
      { topic: 'cut_off', payload: cutOff(10_000) },
    );
    dropPastCutOffs(snapshot, 13_660_000);
    expect([...snapshot.cutOffs.all()]).toHaveLength(2);
    dropPastCutOffs(snapshot, 13_661_000);
    expect([...snapshot.cutOffs.all()]).toEqual([cutOff(10_000)]);
  });
});

describe('a reload', () => {
  test('revives nothing that was revoked, and tells what the database has forgotten', () => {
    const key = publicKey();
    const known = applied(
      { topic: 'signing_key', payload: { ...key, state: 'revoked' } },
      { topic: 'cut_off', payload: cutOff(100) },
      { topic: 'cut_off', payload: cutOff(50, { scope: 'organisation', target: 'default' }) },
    );
    const fresh = applied(
      { topic: 'signing_key', payload: key },
      { topic: 'cut_off', payload: cutOff(80) },
      { topic: 'cut_off', payload: cutOff(60, { scope: 'organisation', target: 'default' }) },
    );
    expect(carryRevocations(known, fresh)).toEqual({
      cutOffs: [cutOff(100)],
      kids: [key.kid],
      configs: [],
    });
    expect(fresh.keys.get(key.kid)?.snapshot.state).toBe('revoked');
    const of = { appId: APP.id, kid: key.kid, instanceId: TARGET };
    expect(fresh.cutOffs.secondsFor(of)).toBe(100);
    expect(fresh.cutOffs.secondsFor({ ...of, appId: 'another' })).toBe(60);
    expect(carryRevocations(known, fresh)).toEqual({ cutOffs: [], kids: [], configs: [] });
  });
});

describe('an API key', () => {
  const KEY: ApiKeySnapshot = {
    ...{ id: '0199a000-0000-7000-8000-000000000001', appId: APP.id, name: 'payments', kind: 'managed' },
    ...{ apiIds: ['payments-api'], isRequired: true },
    versions: [
      { version: 1, status: 'active', activatedAtMs: 0, retiresAtMs: null, valueHash: 'A'.repeat(43) },
    ],
  };

  test('is found by its app and by the APIs that check it, and replaced as a whole', () => {
    const snapshot = applied({ topic: 'api_key', payload: KEY });
    expect(snapshot.apiKeys.ofApp(APP.id)).toEqual([KEY]);
    expect(snapshot.apiKeys.checkedBy('payments-api')).toMatchObject([{ id: KEY.id, isRequired: true }]);
    const changed = { ...KEY, apiIds: ['other-api'], isRequired: false };
    applyChange(snapshot, { seq: 2, topic: 'api_key', payload: changed });
    expect(snapshot.apiKeys.ofApp(APP.id)).toEqual([changed]);
    expect(snapshot.apiKeys.checkedBy('payments-api')).toEqual([]);
    expect(snapshot.apiKeys.checkedBy('other-api')).toMatchObject([{ isRequired: false }]);
  });

  test('of a third party is checked by no API, and a version without a hash matches nothing', () => {
    const external = { ...KEY, kind: 'external' as const };
    expect(applied({ topic: 'api_key', payload: external }).apiKeys.checkedBy('payments-api')).toEqual([]);
    const versions = KEY.versions.map((version) => ({ ...version, valueHash: null }));
    const [bare] = applied({ topic: 'api_key', payload: { ...KEY, versions } }).apiKeys.checkedBy(
      'payments-api',
    );
    expect(bare?.versions).toEqual([]);
  });
});

test('trust anchors of an app count in a development environment only', () => {
  const anchor = { name: 'mine', certificatePem: 'not read for a production app' };
  const [entry] = applied({ topic: 'app', payload: { ...APP, trustAnchors: [anchor] } }).apps.values();
  expect(entry?.anchorNames.has('mine')).toBe(false);
  expect(entry?.anchors.dev).toEqual([]);
});
