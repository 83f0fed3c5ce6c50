import { and, asc, desc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { signingKeyRotations, signingKeySchedule, signingKeys } from '@/drizzle/schema';
import type { SigningKeyState } from '@/lib/contracts';
import type { Executor, Tx } from '@/lib/db';

/** Wakes whoever performs what the console has asked for. */
export const SIGNING_KEYS_CHANNEL = 'countersign_signing_keys';

/** A stored signing key without its private half. The console may read no more than this. */
export type SigningKeyRow = Omit<typeof signingKeys.$inferSelect, 'sealedPrivateKey'>;
export type RotationRow = typeof signingKeyRotations.$inferSelect;

/** Every column that the console's role may read. */
const PUBLIC_COLUMNS = {
  kid: signingKeys.kid,
  publicJwk: signingKeys.publicJwk,
  status: signingKeys.status,
  state: signingKeys.state,
  createdAt: signingKeys.createdAt,
  activatedAt: signingKeys.activatedAt,
  replacedAt: signingKeys.replacedAt,
  retiresAt: signingKeys.retiresAt,
  retiredAt: signingKeys.retiredAt,
  revokedAt: signingKeys.revokedAt,
  revokedByName: signingKeys.revokedByName,
  revokeReason: signingKeys.revokeReason,
  seq: signingKeys.seq,
};

/** Serialises whatever changes signing keys over all processes until the transaction ends. */
const SIGNING_KEYS_LOCK = 7_310_501;

/** Waits for whoever else creates, rotates or revokes signing keys. */
export async function lockSigningKeys(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${SIGNING_KEYS_LOCK})`);
}

/** The database's clock, in milliseconds. */
export async function databaseNowMs(db: Executor): Promise<number> {
  const [row] = await db.execute<{ now: number }>(
    sql`select (extract(epoch from clock_timestamp()) * 1000)::float8 as now`,
  );
  return row?.now ?? Number.NaN;
}

/** Every signing key, newest first. */
export async function selectSigningKeys(db: Executor): Promise<SigningKeyRow[]> {
  return await db
    .select(PUBLIC_COLUMNS)
    .from(signingKeys)
    .orderBy(desc(signingKeys.createdAt), asc(signingKeys.kid));
}

/** The private halves, still sealed, of the keys that sign: the newest active one first, then the staged ones by age. */
export async function selectSealedKeys(db: Executor): Promise<{ kid: string; sealedPrivateKey: string }[]> {
  const { kid, sealedPrivateKey, state, createdAt } = signingKeys;
  return await db
    .select({ kid, sealedPrivateKey })
    .from(signingKeys)
    .where(inArray(state, ['active', 'staged']))
    .orderBy(
      sql`case ${state} when 'active' then 0 else 1 end`,
      sql`case ${state} when 'active' then extract(epoch from ${createdAt}) * -1 else extract(epoch from ${createdAt}) end`,
      asc(kid),
    );
}

/** Stores a new key, created now by the database's clock. */
export async function insertSigningKey(
  tx: Tx,
  row: { kid: string; publicJwk: unknown; sealedPrivateKey: string; state: 'staged' | 'active' },
): Promise<SigningKeyRow> {
  const now = sql`clock_timestamp()`;
  const [made] = await tx
    .insert(signingKeys)
    .values({ ...row, createdAt: now, activatedAt: row.state === 'active' ? now : null })
    .returning(PUBLIC_COLUMNS);
  if (!made) throw new Error('The signing key was not stored.');
  return made;
}

/** Moves a key on; gives it as it is then. */
export async function moveKey(
  tx: Tx,
  kid: string,
  change: { state: SigningKeyState } & Partial<
    Pick<SigningKeyRow, 'activatedAt' | 'replacedAt' | 'retiresAt' | 'retiredAt'>
  >,
): Promise<SigningKeyRow> {
  const [row] = await tx
    .update(signingKeys)
    .set(change)
    .where(eq(signingKeys.kid, kid))
    .returning(PUBLIC_COLUMNS);
  if (!row) throw new Error('The signing key is gone.');
  return row;
}

/** Revokes a key that is in one of these states; `undefined` where it is not, also for the second of two in a race. */
export async function revokeIn(
  tx: Tx,
  kid: string,
  states: readonly SigningKeyState[],
  revocation: { byName: string; reason: string },
): Promise<SigningKeyRow | undefined> {
  const [row] = await tx
    .update(signingKeys)
    .set({
      state: 'revoked',
      revokedAt: sql`clock_timestamp()`,
      revokedByName: revocation.byName,
      revokeReason: revocation.reason,
    })
    .where(and(eq(signingKeys.kid, kid), inArray(signingKeys.state, [...states])))
    .returning(PUBLIC_COLUMNS);
  return row;
}

/** Writes down where in the change feed a key's latest state stands. */
export async function setKeySeq(tx: Tx, kid: string, seq: number): Promise<void> {
  await tx.update(signingKeys).set({ seq }).where(eq(signingKeys.kid, kid));
}

/** Asks for a rotation, and wakes the service; `undefined` where one is pending, also for the second of two in a race. */
export async function insertRotation(
  tx: Tx,
  row: Pick<RotationRow, 'id' | 'reason' | 'requestedBy' | 'requestedByName'>,
): Promise<RotationRow | undefined> {
  const [made] = await tx
    .insert(signingKeyRotations)
    .values({ ...row, requestedAt: sql`clock_timestamp()` })
    .onConflictDoNothing()
    .returning();
  if (made) await tx.execute(sql`select pg_notify(${SIGNING_KEYS_CHANNEL}, ${made.id})`);
  return made;
}

/** The rotation that was asked for and not performed yet. */
export async function pendingRotation(db: Executor): Promise<RotationRow | undefined> {
  const [row] = await db.select().from(signingKeyRotations).where(isNull(signingKeyRotations.performedAt));
  return row;
}

/** The rotation that was asked for last. */
export async function newestRotation(db: Executor): Promise<RotationRow | undefined> {
  const [row] = await db
    .select()
    .from(signingKeyRotations)
    .orderBy(sql`${signingKeyRotations.requestedAt} desc nulls last`)
    .limit(1);
  return row;
}

/** Writes down that a rotation was performed. */
export async function setRotationPerformed(
  tx: Tx,
  id: string,
  performed: { kid: string; seq: number },
): Promise<void> {
  await tx
    .update(signingKeyRotations)
    .set({ ...performed, performedAt: sql`clock_timestamp()` })
    .where(eq(signingKeyRotations.id, id));
}

/** After how many days a rotation is asked for by itself; `null` for never. */
export async function selectRotateEveryDays(db: Executor): Promise<number | null> {
  const [row] = await db.select({ days: signingKeySchedule.rotateEveryDays }).from(signingKeySchedule);
  return row?.days ?? null;
}

export async function setRotateEveryDays(tx: Tx, days: number | null, byName: string): Promise<void> {
  await tx
    .update(signingKeySchedule)
    .set({ rotateEveryDays: days, updatedAt: sql`clock_timestamp()`, updatedByName: byName });
}
