import { type AuditActor, recordAudit } from '@/lib/audit';
import { appendChange } from '@/lib/changes';
import type { ApiKeySnapshot } from '@/lib/contracts';
import { AppError, type Clock } from '@/lib/core';
import type { Database, Tx } from '@/lib/db';
import { standingAt } from '@/lib/relying-party';
import { findKey, type KeyRow, lockKey } from './store/keys';
import {
  insertVersion,
  numberVersions,
  selectVersions,
  updateVersion,
  type VersionPatch,
  type VersionRow,
} from './store/versions';
import { newValue, requireVaultKey, sealValue } from './value';

/** On whose behalf, and when. */
export interface KeyChangeContext {
  readonly db: Database;
  readonly actor: AuditActor;
  readonly clock: Clock;
}

/** What the audit row of a change says. No value may stand in it. */
export interface KeyAudit {
  readonly action: string;
  readonly reason?: string | null;
  readonly detail: Record<string, unknown>;
}

/** A value that a new version gets: made here, or given from outside. */
export interface NewValue {
  readonly value: string | null;
  readonly origin: VersionRow['origin'];
  readonly externalRef?: string | null;
}

/** One key inside the transaction that changes it, with nobody else changing it. */
export class KeyEditor {
  readonly tx: Tx;
  readonly key: KeyRow;
  readonly nowMs: number;
  readonly #byName: string;
  #versions: VersionRow[];
  readonly #touched = new Set<number>();

  constructor(options: { tx: Tx; key: KeyRow; versions: VersionRow[]; nowMs: number; byName: string }) {
    this.tx = options.tx;
    this.key = options.key;
    this.nowMs = options.nowMs;
    this.#versions = options.versions;
    this.#byName = options.byName;
  }

  get active(): VersionRow | undefined {
    return this.#versions.find(({ status }) => status === 'active');
  }

  get staged(): VersionRow | undefined {
    return this.#versions.find(({ status }) => status === 'staged');
  }

  /** Versions that were changed here. */
  get touched(): readonly number[] {
    return [...this.#touched];
  }

  /** @throws AppError `api_key_version_not_found` */
  version(version: number): VersionRow {
    const found = this.#versions.find((row) => row.version === version);
    if (found === undefined) throw new AppError('api_key_version_not_found');
    return found;
  }

  /** Writes down as over what was over by time. */
  async endGraces(): Promise<number[]> {
    const ended = this.#versions.filter(
      (row) => row.status === 'retiring' && standingAt(timesOf(row), this.nowMs) === 'revoked',
    );
    for (const row of ended) await this.#end(row, 'grace_over', row.retiresAt?.getTime() ?? this.nowMs);
    return ended.map(({ version }) => version);
  }

  /** Adds the next version, staged. @throws AppError `vault_not_ready` */
  async stage(given: NewValue): Promise<VersionRow> {
    return await this.#add(given, { status: 'staged' });
  }

  /** Adds the next version as one that has ended: it was made for nothing, and has to be revoked where it was made. */
  async discard(given: NewValue): Promise<number> {
    const now = new Date(this.nowMs);
    const row = await this.#add(given, {
      status: 'revoked',
      revokedAt: now,
      revokedWhy: 'discarded',
      externalRevokeDueAt: given.externalRef ? now : null,
    });
    return row.version;
  }

  async #add({ value, origin, externalRef }: NewValue, state: VersionPatch): Promise<VersionRow> {
    const version = Math.max(0, ...this.#versions.map((row) => row.version)) + 1;
    const sealed = await sealValue(await requireVaultKey(this.tx), {
      keyId: this.key.id,
      version,
      value: value ?? newValue(),
      isManaged: this.key.kind === 'managed',
    });
    const row = await insertVersion(this.tx, {
      keyId: this.key.id,
      version,
      status: 'staged',
      ...state,
      origin,
      ...sealed,
      createdAt: new Date(this.nowMs),
      createdByName: this.#byName,
      seq: 0,
      externalRef: externalRef ?? null,
    });
    this.#versions = [row, ...this.#versions];
    this.#touched.add(version);
    return row;
  }

  /**
   * Makes the staged version the active one. Its predecessor may be used for as long as the grace, and no longer; those
   * before it keep the end that they had, which no rotation moves.
   */
  async activate({ version }: VersionRow, graceSeconds: number): Promise<void> {
    const predecessor = this.active;
    if (predecessor !== undefined && graceSeconds > 0) {
      await this.#patch(predecessor.version, {
        status: 'retiring',
        retiresAt: new Date(this.nowMs + graceSeconds * 1000),
      });
    } else if (predecessor !== undefined) await this.#end(predecessor, 'retired', this.nowMs);
    await this.#patch(version, { status: 'active', activatedAt: new Date(this.nowMs) });
  }

  /** Ends a version now. */
  async end(row: VersionRow, why: NonNullable<VersionRow['revokedWhy']>): Promise<void> {
    await this.#end(row, why, this.nowMs);
  }

  async #end(row: VersionRow, why: NonNullable<VersionRow['revokedWhy']>, atMs: number): Promise<void> {
    await this.#patch(row.version, {
      status: 'revoked',
      revokedAt: new Date(atMs),
      revokedWhy: why,
      // Told to the hook afterwards, and again until it has revoked it: what it calls the value stays in the row.
      ...(row.externalRef === null ? {} : { externalRevokeDueAt: new Date(this.nowMs) }),
    });
  }

  async #patch(version: number, patch: VersionPatch): Promise<void> {
    await updateVersion(this.tx, this.key.id, version, patch);
    this.#touched.add(version);
    this.#versions = this.#versions.map((row) => (row.version === version ? { ...row, ...patch } : row));
  }

  /** The key as nodes obey it. Hashes are not part of it: nodes read them themselves. */
  snapshot(): ApiKeySnapshot {
    const { id, appId, name, kind, apiIds, isRequired } = this.key;
    return {
      ...{ id, appId, name, kind, apiIds, isRequired },
      versions: this.#versions.map((row) => ({
        version: row.version,
        status: row.status,
        activatedAtMs: row.activatedAt?.getTime() ?? null,
        retiresAtMs: row.retiresAt?.getTime() ?? null,
        valueHash: null,
      })),
    };
  }
}

function timesOf({ status, retiresAt }: VersionRow) {
  return { status, retiresAtMs: retiresAt?.getTime() ?? null };
}

/**
 * Changes one key in one transaction, with its audit row and its change; of several at once each sees what the one
 * before left. `change` returns what the audit row says, or `null` for nothing to do. Returns the change's number.
 * @throws AppError `api_key_not_found`, and what `change` throws
 */
export async function changeKey(
  { db, actor, clock }: KeyChangeContext,
  id: string,
  change: (editor: KeyEditor) => Promise<KeyAudit | null>,
): Promise<number | null> {
  return await db.orm.transaction(async (tx) => {
    await lockKey(tx, id);
    const key = await findKey(tx, id);
    if (key === undefined) throw new AppError('api_key_not_found');
    const versions = await selectVersions(tx, [id]);
    const editor = new KeyEditor({ tx, key, versions, nowMs: clock.nowMs(), byName: actor.name });
    return await recordChange(editor, actor, await change(editor));
  });
}

/** Puts what an editor did into the feed and the audit log, inside its transaction. */
export async function recordChange(
  editor: KeyEditor,
  actor: AuditActor,
  audit: KeyAudit | null,
): Promise<number | null> {
  if (audit === null) return null;
  const { tx, key } = editor;
  const seq = await appendChange(tx, 'api_key', editor.snapshot());
  // Only what carries the change's number may follow it: the feed's counter is locked from here on.
  if (editor.touched.length > 0) await numberVersions(tx, key.id, editor.touched, seq);
  await recordAudit(tx, actor, {
    action: audit.action,
    targetKind: 'api_key',
    targetId: key.id,
    appId: key.appId,
    reason: audit.reason ?? null,
    detail: { name: key.name, ...audit.detail },
    changeSeq: seq,
  });
  return seq;
}
