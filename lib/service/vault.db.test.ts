import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import type { ServiceOptions } from './index';
import { VaultError } from './index';
import { startTestService } from './testing/service';

let db: TestDatabase;
beforeEach(async () => {
  db = await createTestDatabase();
});
afterEach(() => db.close());

const start = (overrides: Partial<ServiceOptions> = {}) => startTestService(db, overrides);
const secrets = async () => ({
  vault: [...(await db.owner.sql`select * from vault_keys`)],
  keys: [...(await db.owner.sql`select * from signing_keys order by kid`)],
});

describe('the vault', () => {
  test('of nodes that start at once holds one vault key, one key that signs and one to come, each told once', async () => {
    const nodes = await Promise.all([start(), start(), start()]);
    try {
      const states = async () => (await secrets()).keys.map(({ state }) => state).toSorted();
      await expect.poll(states, { timeout: 5_000 }).toEqual(['active', 'staged']);
      expect((await secrets()).vault).toHaveLength(1);
      const [told] = await db.owner.sql<{ audits: number; changes: number }[]>`
        select (select count(*)::int from audit_log where action = 'signing_key.create') as audits,
          (select count(*)::int from change_log where topic = 'signing_key') as changes`;
      expect(told).toEqual({ audits: 2, changes: 2 });
      expect(nodes.map((node) => node.readiness())).toEqual(
        nodes.map(() => expect.objectContaining({ isReady: true })),
      );
    } finally {
      await Promise.all(nodes.map((node) => node.close()));
    }
  });

  test('does not open with another master key, says so, and stays as it was', async () => {
    await (await start()).close();
    const before = await secrets();
    const refused = start({ masterKey: randomBytes(32) });
    await expect(refused).rejects.toThrow(VaultError);
    await expect(refused).rejects.toThrow(/COUNTERSIGN_MASTER_KEY is not the key/);
    expect(await secrets()).toEqual(before);
  });

  test('does not open where its row was damaged or moved, and stays as it was', async () => {
    await (await start()).close();
    await db.owner.sql`update vault_keys set wrapped_private_key = set_byte(wrapped_private_key, 40,
      case when get_byte(wrapped_private_key, 40) = 65 then 66 else 65 end)`;
    const before = await secrets();
    await expect(start()).rejects.toThrow(VaultError);
    expect(await secrets()).toEqual(before);
  });

  test('holds no key that another row could pass off as its own', async () => {
    await (await start()).close();
    await db.owner.sql`update signing_keys set kid = 'other' where state = 'active'`;
    await expect(start()).rejects.toThrow(/cannot be opened \(sealed_identity_mismatch\)/);
  });
});
