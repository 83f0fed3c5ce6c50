import { and, desc, eq, gt, isNull, lt, ne, sql } from 'drizzle-orm';
import { roleGrants, sessions, setupTokens, signInThrottles, staff } from '@/drizzle/schema';
import type { Role, RoleGrant } from '@/lib/contracts';
import type { SessionId, StaffId } from '@/lib/core';
import type { Executor, Tx } from '@/lib/db';

/** An account as signing in needs it. */
export interface StaffRow {
  id: StaffId;
  email: string;
  name: string;
  passwordHash: string;
  disabledAt: Date | null;
}

/** A session that is neither revoked nor expired, of a person who is not disabled. */
export interface LiveSession {
  id: SessionId;
  staffId: StaffId;
  name: string;
  email: string;
  lastSeenAt: Date;
  steppedUpAt: Date | null;
  grants: RoleGrant[];
}

export interface SessionRow {
  id: string;
  createdAt: Date;
  lastSeenAt: Date;
  expiresAt: Date;
  userAgent: string;
}

export async function findStaffByEmail(db: Executor, email: string): Promise<StaffRow | undefined> {
  const [row] = await db.select().from(staff).where(eq(staff.email, email));
  return row && { ...row, id: row.id as StaffId };
}

export async function findStaffById(db: Executor, id: StaffId): Promise<StaffRow | undefined> {
  const [row] = await db.select().from(staff).where(eq(staff.id, id));
  return row && { ...row, id: row.id as StaffId };
}

/** Whether anybody can sign in yet. */
export async function anyStaff(db: Executor): Promise<boolean> {
  const rows = await db.select({ id: staff.id }).from(staff).limit(1);
  return rows.length > 0;
}

/** Inserts an account; `false` where the e-mail address is taken. */
export async function insertStaff(
  tx: Tx,
  row: { id: StaffId; email: string; name: string; passwordHash: string; createdAt: Date },
): Promise<boolean> {
  const made = await tx.insert(staff).values(row).onConflictDoNothing().returning({ id: staff.id });
  return made.length === 1;
}

export async function insertGrant(
  tx: Tx,
  row: { id: string; staffId: StaffId; role: Role; appId: string | null; createdAt: Date },
): Promise<void> {
  await tx.insert(roleGrants).values(row);
}

/** Replaces a password hash that is still the one that was read; `false` where somebody else was first. */
export async function replacePasswordHash(tx: Tx, id: StaffId, from: string, to: string): Promise<boolean> {
  const rows = await tx
    .update(staff)
    .set({ passwordHash: to })
    .where(and(eq(staff.id, id), eq(staff.passwordHash, from)))
    .returning({ id: staff.id });
  return rows.length === 1;
}

/** Keeps an account as it was read until the transaction ends; `false` where it has changed or was disabled since. */
export async function holdAccount(
  tx: Tx,
  { id, passwordHash }: Pick<StaffRow, 'id' | 'passwordHash'>,
): Promise<boolean> {
  const rows = await tx
    .select({ id: staff.id })
    .from(staff)
    .where(and(eq(staff.id, id), eq(staff.passwordHash, passwordHash), isNull(staff.disabledAt)))
    .for('share');
  return rows.length === 1;
}

export async function insertSession(
  tx: Tx,
  row: { id: SessionId; staffId: StaffId; createdAt: Date; expiresAt: Date; userAgent: string },
): Promise<void> {
  await tx.insert(sessions).values({ ...row, lastSeenAt: row.createdAt });
}

/** Those of the sessions that are in order at `now`, each with its person and all grants, in one query. */
export async function findLiveSessions(
  db: Executor,
  ids: readonly SessionId[],
  now: Date,
): Promise<ReadonlyMap<SessionId, LiveSession>> {
  const found = new Map<SessionId, LiveSession>();
  if (ids.length === 0) return found;
  const rows = await db
    .select({
      id: sessions.id,
      staffId: staff.id,
      name: staff.name,
      email: staff.email,
      lastSeenAt: sessions.lastSeenAt,
      steppedUpAt: sessions.steppedUpAt,
      role: roleGrants.role,
      appId: roleGrants.appId,
    })
    .from(sessions)
    .innerJoin(staff, eq(staff.id, sessions.staffId))
    .leftJoin(roleGrants, eq(roleGrants.staffId, staff.id))
    .where(
      and(
        // One parameter, however many there are: thousands of them take longer to write down than to look up.
        sql`${sessions.id} = any(${`{${ids.join()}}`}::uuid[])`,
        isNull(sessions.revokedAt),
        gt(sessions.expiresAt, now),
        isNull(staff.disabledAt),
      ),
    );
  for (const { role, appId, ...row } of rows) {
    const id = row.id as SessionId;
    const session = found.get(id) ?? { ...row, id, staffId: row.staffId as StaffId, grants: [] };
    if (role !== null) session.grants.push({ role, appId });
    found.set(id, session);
  }
  return found;
}

export async function touchSession(db: Executor, id: SessionId, now: Date): Promise<void> {
  await db.update(sessions).set({ lastSeenAt: now }).where(eq(sessions.id, id));
}

/** Notes that the session's person proved that it is they; `false` where the session has ended. */
export async function markSteppedUp(tx: Tx, id: SessionId, now: Date): Promise<boolean> {
  const rows = await tx
    .update(sessions)
    .set({ steppedUpAt: now })
    .where(and(eq(sessions.id, id), isNull(sessions.revokedAt), gt(sessions.expiresAt, now)))
    .returning({ id: sessions.id });
  return rows.length === 1;
}

/** Revokes one session of a person; `false` where there is none to revoke. */
export async function revokeSessionRow(tx: Tx, id: SessionId, staffId: StaffId, now: Date): Promise<boolean> {
  const rows = await tx
    .update(sessions)
    .set({ revokedAt: now })
    .where(and(eq(sessions.id, id), eq(sessions.staffId, staffId), isNull(sessions.revokedAt)))
    .returning({ id: sessions.id });
  return rows.length === 1;
}

/** Revokes every session of a person, except one where that is given; returns how many there were. */
export async function revokeSessionsOf(
  tx: Tx,
  staffId: StaffId,
  now: Date,
  except?: SessionId,
): Promise<number> {
  const rows = await tx
    .update(sessions)
    .set({ revokedAt: now })
    .where(
      and(
        eq(sessions.staffId, staffId),
        isNull(sessions.revokedAt),
        except === undefined ? undefined : ne(sessions.id, except),
      ),
    )
    .returning({ id: sessions.id });
  return rows.length;
}

export async function sessionsOf(db: Executor, staffId: StaffId, now: Date): Promise<SessionRow[]> {
  return db
    .select({
      id: sessions.id,
      createdAt: sessions.createdAt,
      lastSeenAt: sessions.lastSeenAt,
      expiresAt: sessions.expiresAt,
      userAgent: sessions.userAgent,
    })
    .from(sessions)
    .where(and(eq(sessions.staffId, staffId), isNull(sessions.revokedAt), gt(sessions.expiresAt, now)))
    .orderBy(desc(sessions.createdAt));
}

export async function deleteSessionsExpiredBefore(db: Executor, now: Date): Promise<void> {
  await db.delete(sessions).where(sql`${sessions.expiresAt} < ${now.toISOString()}::timestamptz`);
}

/** Serialises everything that decides who is the first administrator, until the transaction ends. */
export async function lockSetup(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(7310510)`);
}

export async function insertSetupToken(tx: Tx, digest: Buffer, now: Date, expiresAt: Date): Promise<void> {
  await tx.insert(setupTokens).values({ digest, createdAt: now, expiresAt });
}

/** Whether the token could be used at `now`. */
export async function isSetupTokenUsable(db: Executor, digest: Buffer, now: Date): Promise<boolean> {
  const rows = await db
    .select({ usedAt: setupTokens.usedAt })
    .from(setupTokens)
    .where(and(eq(setupTokens.digest, digest), isNull(setupTokens.usedAt), gt(setupTokens.expiresAt, now)));
  return rows.length === 1;
}

/** Uses the token up; `false` for all but the first of any number of callers. */
export async function useSetupToken(tx: Tx, digest: Buffer, now: Date): Promise<boolean> {
  const rows = await tx
    .update(setupTokens)
    .set({ usedAt: now })
    .where(and(eq(setupTokens.digest, digest), isNull(setupTokens.usedAt), gt(setupTokens.expiresAt, now)))
    .returning({ createdAt: setupTokens.createdAt });
  return rows.length === 1;
}

/** How a key is throttled: free attempts, then a lock that doubles, up to a longest one. Milliseconds. */
export interface ThrottleRule {
  freeFailures: number;
  firstLockMs: number;
  longestLockMs: number;
  /** After so long without an attempt, counting begins anew. */
  forgetAfterMs: number;
}

/**
 * Counts one attempt before it is made, so that parallel guesses count as well. Returns the number of attempts so far
 * and until when the key is locked now; `undefined` where it was locked already and the attempt must not be made.
 */
export async function reserveAttempt(
  db: Executor,
  key: string,
  rule: ThrottleRule,
  now: Date,
): Promise<{ failures: number; lockedUntil: Date | null } | undefined> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const forgotten = sql`${signInThrottles.updatedAt} < ${at} - ${rule.forgetAfterMs} * interval '1 millisecond'`;
  const failures = sql`(case when ${forgotten} then 1 else ${signInThrottles.failures} + 1 end)`;
  // The exponent is bounded before it is used: 2^20 first locks are longer than any longest one.
  const lockMs = sql`least(${rule.longestLockMs}::float8,
    ${rule.firstLockMs}::float8 * power(2, least(20, ${failures} - ${rule.freeFailures} - 1)))`;
  const [row] = await db
    .insert(signInThrottles)
    .values({ key, failures: 1, lockedUntil: null, updatedAt: now })
    .onConflictDoUpdate({
      target: signInThrottles.key,
      set: {
        failures,
        lockedUntil: sql`case when ${failures} > ${rule.freeFailures}
          then ${at} + ${lockMs} * interval '1 millisecond' end`,
        updatedAt: now,
      },
      setWhere: sql`${signInThrottles.lockedUntil} is null or ${signInThrottles.lockedUntil} <= ${at}`,
    })
    .returning({ failures: signInThrottles.failures, lockedUntil: signInThrottles.lockedUntil });
  return row;
}

export async function lockedUntil(db: Executor, key: string): Promise<Date | null> {
  const [row] = await db
    .select({ lockedUntil: signInThrottles.lockedUntil })
    .from(signInThrottles)
    .where(eq(signInThrottles.key, key));
  return row?.lockedUntil ?? null;
}

export async function clearAttempts(db: Executor, key: string): Promise<void> {
  await db.delete(signInThrottles).where(eq(signInThrottles.key, key));
}

/** Deletes what was counted under keys without an attempt since, so that made-up addresses leave nothing for good. */
export async function deleteAttemptsBefore(db: Executor, since: Date): Promise<void> {
  await db.delete(signInThrottles).where(lt(signInThrottles.updatedAt, since));
}

/**
 * Takes one attempt back, because it succeeded. Other people's failures behind the same key stay counted, and a lock
 * that they earned stays.
 */
export async function returnAttempt(db: Executor, key: string, rule: ThrottleRule): Promise<void> {
  await db
    .update(signInThrottles)
    .set({
      failures: sql`greatest(0, ${signInThrottles.failures} - 1)`,
      lockedUntil: sql`case when ${signInThrottles.failures} - 1 > ${rule.freeFailures}
        then ${signInThrottles.lockedUntil} end`,
    })
    .where(eq(signInThrottles.key, key));
}
