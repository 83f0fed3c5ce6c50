import { describe, expect, test } from 'vitest';
import { TEMPLATES } from '@/lib/appraisal';
import { BlockList } from '@/lib/block-list';
import type { AppSnapshot, BlockSnapshot, Change } from '@/lib/contracts';
import { createSigningKeyPair } from '@/lib/tokens/signing';
import { applyChange } from './apply';
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
  configVersion: 1,
  policyVersion: 1,
  policy: TEMPLATES.balanced,
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
  return buildSnapshot({ epoch: 'e', seq: 0, apps: [], apis: [], blocks: new BlockList(), signingKeys: [] });
}

/** Applies changes in order, numbering them. */
function applied(...changes: Pick<Change, 'topic' | 'payload'>[]): Snapshot {
  const snapshot = empty();
  for (const [index, change] of changes.entries()) {
    applyChange(snapshot, { ...change, seq: index + 1 } as Change);
  }
  return snapshot;
}

const publicKey = () => {
  const { kid, publicJwk } = createSigningKeyPair();
  const { kty, crv, x, y } = publicJwk;
  return { kid, publicJwk: { kty, crv, x, y }, status: 'active' as const };
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
    );
    const loaded = buildSnapshot({
      epoch: 'e',
      seq: 5,
      apps: [APP],
      apis: [api],
      blocks,
      signingKeys: [key],
    });
    const visible = (snapshot: Snapshot) => ({
      seq: snapshot.seq,
      apps: [...snapshot.apps].map(([id, entry]) => [id, entry.app, [...entry.versions]]),
      apis: [...snapshot.apis],
      blocks: [snapshot.blocks.size, decided(snapshot)],
      keys: [...snapshot.keys].map(([kid, entry]) => [kid, entry.snapshot]),
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
  test('keeps its key object while only its status changes', () => {
    const key = publicKey();
    const snapshot = applied({ topic: 'signing_key', payload: key });
    const before = snapshot.publicKeys.get(key.kid);
    applyChange(snapshot, { seq: 2, topic: 'signing_key', payload: { ...key, status: 'revoked' } });
    expect(snapshot.publicKeys.get(key.kid)).toBe(before);
    expect(snapshot.keys.get(key.kid)?.snapshot.status).toBe('revoked');
  });

  test('that is another key under the same id gets another key object', () => {
    const key = publicKey();
    const snapshot = applied({ topic: 'signing_key', payload: key });
    const before = snapshot.publicKeys.get(key.kid);
    applyChange(snapshot, { seq: 2, topic: 'signing_key', payload: { ...publicKey(), kid: key.kid } });
    expect(snapshot.publicKeys.get(key.kid)).not.toBe(before);
  });
});

test('trust anchors of an app count in a development environment only', () => {
  const anchor = { name: 'mine', certificatePem: 'not read for a production app' };
  const [entry] = applied({ topic: 'app', payload: { ...APP, trustAnchors: [anchor] } }).apps.values();
  expect(entry?.anchorNames.has('mine')).toBe(false);
  expect(entry?.anchors.dev).toEqual([]);
});
