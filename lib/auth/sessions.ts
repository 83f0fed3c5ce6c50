import { recordAudit } from '@/lib/audit';
import type { Me, SessionList } from '@/lib/contracts';
import { AppError, type Clock, type SessionId } from '@/lib/core';
import type { Database } from '@/lib/db';
import { type Actor, auditActorOf, type StaffActor, type VerbContext } from './actor';
import { findLiveSessions, revokeSessionRow, revokeSessionsOf, sessionsOf, touchSession } from './store';

const TOUCH_AFTER_MS = 60_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The person behind a session with their present grants, read from the database on every request: a revoked or expired
 * session, a disabled account and a taken grant count from the next request on. `undefined` where nobody is signed in.
 */
export async function loadSession(
  { db, clock }: { db: Database; clock: Clock },
  sessionId: string,
): Promise<StaffActor | undefined> {
  if (!UUID.test(sessionId)) return undefined;
  const now = new Date(clock.nowMs());
  const id = sessionId as SessionId;
  const session = (await findLiveSessions(db.orm, [id], now)).get(id);
  if (!session) return undefined;
  if (now.getTime() - session.lastSeenAt.getTime() >= TOUCH_AFTER_MS) {
    await touchSession(db.orm, session.id, now);
  }
  const { staffId, name, email, grants, steppedUpAt } = session;
  return { kind: 'staff', id: staffId, name, email, grants, sessionId: session.id, steppedUpAt };
}

/** The same actors with their present grants, without counting as activity; those whose session has ended are missing. */
export async function reloadActors(
  { db, clock }: { db: Database; clock: Clock },
  actors: readonly StaffActor[],
): Promise<ReadonlyMap<SessionId, StaffActor>> {
  const ids = [...new Set(actors.map((actor) => actor.sessionId))];
  const live = await findLiveSessions(db.orm, ids, new Date(clock.nowMs()));
  const present = new Map<SessionId, StaffActor>();
  for (const actor of actors) {
    const session = live.get(actor.sessionId);
    if (session) present.set(actor.sessionId, { ...actor, grants: session.grants });
  }
  return present;
}

/** The signed-in person. @throws AppError `authentication_required` for an actor that is no person */
export async function readMe({ actor }: VerbContext): Promise<Me> {
  const { id, name, email, grants, sessionId } = requireStaff(actor);
  return { id, name, email, grants: [...grants], sessionId };
}

/** The actor's own open sessions, newest first. */
export async function listOwnSessions({ db, actor, clock }: VerbContext): Promise<SessionList> {
  const self = requireStaff(actor);
  const rows = await sessionsOf(db.orm, self.id, new Date(clock.nowMs()));
  return {
    sessions: rows.map((row) => ({
      id: row.id,
      current: row.id === self.sessionId,
      createdAt: row.createdAt.toISOString(),
      lastSeenAt: row.lastSeenAt.toISOString(),
      expiresAt: row.expiresAt.toISOString(),
      userAgent: row.userAgent,
    })),
  };
}

/**
 * Ends one of the actor's own sessions; it counts from the next request on.
 * @throws AppError `session_not_found` for somebody else's, or one that has ended
 */
export async function revokeOwnSession(
  { db, actor, clock }: VerbContext,
  input: { id: string },
): Promise<{ done: true }> {
  const self = requireStaff(actor);
  await db.orm.transaction(async (tx) => {
    const now = new Date(clock.nowMs());
    if (!(await revokeSessionRow(tx, input.id as SessionId, self.id, now))) {
      throw new AppError('session_not_found');
    }
    await recordAudit(tx, auditActorOf(self), {
      action: 'session.revoke',
      targetKind: 'session',
      targetId: input.id,
    });
  });
  return { done: true };
}

/** Ends the actor's other sessions, and says how many there were. */
export async function revokeOtherSessions({ db, actor, clock }: VerbContext): Promise<{ revoked: number }> {
  const self = requireStaff(actor);
  return db.orm.transaction(async (tx) => {
    const revoked = await revokeSessionsOf(tx, self.id, new Date(clock.nowMs()), self.sessionId);
    await recordAudit(tx, auditActorOf(self), {
      action: 'session.revoke_others',
      targetKind: 'staff',
      targetId: self.id,
      detail: { revoked },
    });
    return { revoked };
  });
}

/** The actor as a person. @throws AppError `authentication_required` */
export function requireStaff(actor: Actor): StaffActor {
  if (actor.kind !== 'staff') throw new AppError('authentication_required');
  return actor;
}
