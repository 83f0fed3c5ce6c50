import { describe, expect, test } from 'vitest';
import type { DeviceVersion } from '@/lib/api-keys';
import type { ApiKeySnapshot } from '@/lib/contracts';
import { fixedClock } from '@/lib/core';
import { KeyDelivery } from './delivery';

const KEY: ApiKeySnapshot = {
  id: '0199a000-0000-7000-8000-000000000001',
  appId: 'bank',
  name: 'payments',
  kind: 'managed',
  apiIds: ['payments-api'],
  isRequired: true,
  versions: [{ version: 2, status: 'active', activatedAtMs: 0, retiresAtMs: null, valueHash: null }],
};

function delivery(record: (rows: readonly DeviceVersion[]) => Promise<void> = async () => undefined) {
  const recorded: DeviceVersion[] = [];
  const keys = new KeyDelivery({
    clock: fixedClock(1_800_000_000_000),
    ring: { value: (_, version) => (version === 2 ? 'the value' : undefined) },
    keysOf: (appId) => (appId === 'bank' ? [KEY] : []),
    record: async (rows) => {
      await record(rows);
      recorded.push(...rows);
    },
  });
  const ask = (changes: Partial<Parameters<KeyDelivery['deliver']>[0]> = {}) =>
    keys.deliver({
      ...{ appId: 'bank', instanceId: 'a', withheld: [], held: undefined, isEnrolment: false },
      ...changes,
    });
  return { ask, recorded };
}

describe('an attested instance', () => {
  test.each<['all' | string[], boolean]>([
    [[], true],
    [['another'], true],
    [['payments'], false],
    ['all', false],
  ])('from which the policy withholds %j is given its keys: %s', async (withheld, isGiven) => {
    const { ask, recorded } = delivery();
    const given = isGiven ? [{ id: 'payments', version: 2, value: 'the value' }] : [];
    expect(await ask({ withheld })).toEqual(given);
    expect(recorded).toHaveLength(given.length);
  });

  test('is given nothing that it says it holds, and nothing of another app', async () => {
    const { ask, recorded } = delivery();
    expect(await ask({ held: { payments: 2 } })).toEqual([]);
    expect(await ask({ appId: 'shop' })).toEqual([]);
    expect(recorded).toEqual([]);
    expect(await ask({ held: { payments: 1 } })).toHaveLength(1);
    expect(await ask({ held: { constructor: 2 } })).toHaveLength(1);
  });

  test('is given no value whose delivery could not be written down, and is given it the next time', async () => {
    let isAway = true;
    const { ask } = delivery(async () => {
      if (isAway) throw new Error('away');
    });
    expect(await ask()).toEqual([]);
    isAway = false;
    expect(await ask()).toHaveLength(1);
  });

  test('is written down once per version, and anew when it enrols', async () => {
    const { ask, recorded } = delivery();
    for (let i = 0; i < 3; i += 1) expect(await ask()).toHaveLength(1);
    expect(recorded).toHaveLength(1);
    await ask({ isEnrolment: true });
    expect(recorded).toHaveLength(2);
  });

  test('shares a transaction with whoever comes while another commits', async () => {
    const sizes: number[] = [];
    const { ask } = delivery(async (rows) => {
      sizes.push(rows.length);
      await new Promise((resolve) => setTimeout(resolve, 5));
    });
    await Promise.all(Array.from({ length: 50 }, (_, index) => ask({ instanceId: `device-${index}` })));
    expect(sizes.length).toBeLessThanOrEqual(2);
  });
});
