import type { AuditActor } from '@/lib/audit';
import type { RoleGrant } from '@/lib/contracts';
import type { Clock, SessionId, StaffId } from '@/lib/core';
import type { Database, ReplicaStanding } from '@/lib/db';

/** A signed-in person: who they are, what they were granted, and through which session they speak. */
export interface StaffActor {
  kind: 'staff';
  id: StaffId;
  name: string;
  email: string;
  grants: readonly RoleGrant[];
  sessionId: SessionId;
  /** When they last proved again in this session that it is they; `null` for never. */
  steppedUpAt: Date | null;
}

/** The operator's shell on the machine itself. `id` is the name of the operating system's user. */
export interface CliActor {
  kind: 'cli';
  id: string;
  name: string;
}

/** Countersign by itself: scheduled work, expiry. */
export interface SystemActor {
  kind: 'system';
  id: string;
  name: string;
}

/** On whose behalf a verb runs. */
export type Actor = StaffActor | CliActor | SystemActor;

/** What every verb is given besides its input. */
export interface VerbContext<Who extends Actor = Actor> {
  db: Database;
  actor: Who;
  clock: Clock;
  /** Where telemetry may be read instead, and how far behind that is; absent where there is no replica. */
  replica?: ReplicaStanding;
}

/** The actor as the audit log names it. */
export function auditActorOf(actor: Actor): AuditActor {
  return { kind: actor.kind, id: actor.id, name: actor.name };
}
