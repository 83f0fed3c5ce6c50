import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BlockList } from '@/lib/block-list';
import { CUT_OFF_SCOPES, type CutOffSnapshot, type SigningKeySnapshot } from '@/lib/contracts';
import { createSigningKeyPair } from '@/lib/tokens/signing';
import { applyChange } from './apply';
import { carryRevocations } from './carry';
import { buildSnapshot, type Snapshot } from './state';

const KEYS = [1, 2].map((): SigningKeySnapshot => {
  const { kid, publicJwk } = createSigningKeyPair();
  const { kty, crv, x, y } = publicJwk;
  return { kid, publicJwk: { kty, crv, x, y }, state: 'active', status: 'active' };
});
const TARGETS = { organisation: ['default'], app: ['bank', 'shop'], api: ['pay'], instance: ['phone'] };
const targetsOf = (scope: CutOffSnapshot['scope']) =>
  scope === 'signing_key' ? KEYS.map(({ kid }) => kid) : TARGETS[scope];

type Step =
  | { kind: 'cut_off'; cutOff: CutOffSnapshot }
  | { kind: 'revoke'; kid: string }
  | { kind: 'reload' }
  | { kind: 'restore'; back: number };

const cutOffStep = fc
  .constantFrom(...CUT_OFF_SCOPES)
  .chain((scope) =>
    fc
      .record({ target: fc.constantFrom(...targetsOf(scope)), notBeforeSeconds: fc.nat(50) })
      .map((rest): Step => ({ kind: 'cut_off', cutOff: { id: 'any', scope, ...rest } })),
  );
const step = fc.oneof(
  { weight: 5, arbitrary: cutOffStep },
  fc.constantFrom(...KEYS).map(({ kid }): Step => ({ kind: 'revoke', kid })),
  fc.constant<Step>({ kind: 'reload' }),
  fc.nat(4).map((back): Step => ({ kind: 'restore', back })),
);

/** What is stored after some of the acts, as a node would load it. */
function load(acts: readonly Step[]): Snapshot {
  const revoked = new Set(acts.flatMap((act) => (act.kind === 'revoke' ? [act.kid] : [])));
  return buildSnapshot({
    epoch: 'e',
    seq: acts.length,
    apps: [],
    apis: [],
    blocks: new BlockList(),
    signingKeys: KEYS.map((key) => (revoked.has(key.kid) ? { ...key, state: 'revoked' } : key)),
    cutOffs: acts.flatMap((act) => (act.kind === 'cut_off' ? [act.cutOff] : [])),
    apiKeys: [],
    relyingParties: [],
    statusList: { digest: null, fetchedAtMs: null, maxAgeSeconds: 0, list: null },
  });
}

test('whatever is reloaded or restored, a node refuses what was ever refused, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const ever: Step[] = [];
      let stored: Step[] = [];
      let node = load([]);
      for (const one of steps) {
        if (one.kind === 'reload' || one.kind === 'restore') {
          if (one.kind === 'restore') stored = stored.slice(0, Math.max(0, stored.length - one.back));
          const fresh = load(stored);
          carryRevocations(node, fresh);
          node = fresh;
        } else {
          ever.push(one);
          stored.push(one);
          const seq = node.seq + 1;
          const key = KEYS.find(({ kid }) => one.kind === 'revoke' && one.kid === kid);
          if (one.kind === 'cut_off') applyChange(node, { seq, topic: 'cut_off', payload: one.cutOff });
          else if (key)
            applyChange(node, { seq, topic: 'signing_key', payload: { ...key, state: 'revoked' } });
        }
        expectRefusals(node, ever);
      }
    }),
    { numRuns: 150 },
  );
});

function expectRefusals(node: Snapshot, ever: readonly Step[]): void {
  for (const { kid } of KEYS) {
    const isRevoked = ever.some((act) => act.kind === 'revoke' && act.kid === kid);
    expect(node.keys.get(kid)?.snapshot.state).toBe(isRevoked ? 'revoked' : 'active');
    for (const appId of TARGETS.app) {
      const concerned = ['default', appId, kid, 'phone', 'pay'];
      const latest = ever.flatMap((act) =>
        act.kind === 'cut_off' && concerned.includes(act.cutOff.target) ? [act.cutOff.notBeforeSeconds] : [],
      );
      const seconds = node.cutOffs.secondsFor({ appId, kid, instanceId: 'phone', apiId: 'pay' });
      expect(seconds).toBe(Math.max(Number.NEGATIVE_INFINITY, ...latest));
    }
  }
}
