import { describe, expect, it } from 'vitest';
import type { PolicyException } from '@/lib/contracts';
import { exceptionWords, lasting } from './exception-words';

const APP = { appId: 'bank', appName: 'Retail Bank' };
const QUARANTINE: PolicyException = {
  ...{ kind: 'quarantine', ...APP, id: 'q', threat: 'hooks', threatTitle: 'Hooking framework' },
  ...{ whenWords: 'iOS, OS 26.6 to below 26.7', expiresAt: new Date(3_600_000).toISOString() },
};
const ALL: PolicyException[] = [
  { kind: 'kill_switch', ...APP, since: '2026-01-01T00:00:00Z', by: 'Robin', reason: 'an attack' },
  { kind: 'minimum_versions', ...APP, minimumVersions: { ios: '5.4', android: '5.3.1' } },
  { kind: 'rollout_reverted', ...APP, version: 3, endedAt: '2026-01-01T00:00:00Z', reason: 'why' },
  QUARANTINE,
  { kind: 'policy_unsupported', ...APP, version: 4, schema: 3, judgedBy: null, nodes: 1, allNodes: 2 },
  { kind: 'policy_unsupported', ...APP, version: 4, schema: 3, judgedBy: 3, nodes: 2, allNodes: 2 },
  {
    ...{ kind: 'rule_failed', ...APP, rule: 'boot', title: 'Boot is verified', attestations: 1_204 },
    causes: [{ cause: 'claims.boot_state', words: 'the evidence says nothing of it', attestations: 1_204 }],
  },
  {
    ...{ kind: 'rule_failed', ...APP, rule: 'share', title: 'Share', attestations: 3 },
    causes: [
      { cause: 'arithmetic', words: 'it divides by zero', attestations: 2 },
      { cause: 'other', words: 'its evaluation failed', attestations: 1 },
    ],
  },
];

describe('an exception', () => {
  it('is a sentence that leads to where it can be ended', () => {
    expect(ALL.map((one) => exceptionWords(one, 0)).map(({ subject, text }) => `${subject} ${text}`)).toEqual(
      [
        'Retail Bank is refused as a whole, by Robin: “an attack”',
        'Retail Bank is refused in versions older than iOS 5.4 and Android 5.3.1',
        'Retail Bank had version 3 of its policy reverted by the guardrail',
        'Hooking framework is in quarantine in Retail Bank on iOS, OS 26.6 to below 26.7, 1 h 0 min left',
        'Retail Bank is rejected as a whole by 1 of 2 nodes, which is too old for version 4 of its policy',
        'Retail Bank is judged by version 3 of its policy on 2 of 2 nodes, which are too old for version 4',
        'The rule “Boot is verified” of Retail Bank could not be evaluated in 1,204 attestations of the last 24 hours: the evidence says nothing of it',
        'The rule “Share” of Retail Bank could not be evaluated in 3 attestations of the last 24 hours: it divides by zero (2); its evaluation failed (1)',
      ],
    );
    expect(ALL.map((one) => exceptionWords(one, 0).href)).toEqual([
      '/policies/bank/emergency',
      '/policies/bank/emergency',
      '/policies/bank/rollout',
      '/policies/bank/quarantines',
      '/policies/bank/history',
      '/policies/bank/history',
      '/policies/bank?part=rules&rule=boot',
      '/policies/bank?part=rules&rule=share',
    ]);
    expect(ALL.flatMap((one) => exceptionWords(one, 0).more ?? [])[0]?.href).toBe(
      '/attestations?app=bank&threat=policy_rule_failed&range=24h',
    );
  });

  it('that ends by itself is told no longer than that', () => {
    expect(lasting(ALL, 3_599_999)).toHaveLength(8);
    expect(lasting(ALL, 3_600_000)).toHaveLength(7);
    expect(lasting(ALL, null)).toHaveLength(8);
  });
});
