import { type AuditActor, recordAudit } from '@/lib/audit';
import { appendChange } from '@/lib/changes';
import type { ApiKeySnapshot } from '@/lib/contracts';
import { AppError, type Clock } from '@/lib/core';
import type { SealingPublicJwk } from '@/lib/crypto';
import type { Database, Tx } from '@/lib/db';
import { standingAt } from '@/lib/relying-party';
import { findKey, type KeyRow, lockKey, selectVaultPublicKey } from './store/keys';
import {
  insertVersion,
  numberVersions,
  selectVersions,
  updateVersion,
  type VersionPatch,
  type VersionRow,
} from './store/versions';
import { newValue, sealValue } from './value';

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
  readonly #vaultKey: SealingPublicJwk | undefined;
  #versions: VersionRow[];
  readonly #touched = new Set<number>();
  /** Sealed values of versions that are not in the database yet. */
  readonly #added = new Map<number, Awaited<ReturnType<typeof sealValue>>>();
  /** What is to be written of those that are, in the order in which it was changed. */
  readonly #patches = new Map<number, VersionPatch>();

  constructor(options: {
    tx: Tx;
    key: KeyRow;
    versions: VersionRow[];
    /** Absent where the service has never started: no version is added then. */
    vaultKey: SealingPublicJwk | undefined;
    nowMs: number;
    byName: string;
  }) {
    this.tx = options.tx;
    this.#vaultKey = options.vaultKey;
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
    if (this.#vaultKey === undefined) throw new AppError('vault_not_ready');
    const version = Math.max(0, ...this.#versions.map((row) => row.version)) + 1;
    const sealed = await sealValue(this.#vaultKey, {
      keyId: this.key.id,
      version,
      value: value ?? newValue(),
      isManaged: this.key.kind === 'managed',
    });
    const row: VersionRow = {
      ...NEVER_USED,
      keyId: this.key.id,
      version,
      ...state,
      origin,
      createdAt: new Date(this.nowMs),
      createdByName: this.#byName,
      externalRef: externalRef ?? null,
    };
    this.#added.set(version, sealed);
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
      this.#patch(predecessor.version, {
        status: 'retiring',
        retiresAt: new Date(this.nowMs + graceSeconds * 1000),
      });
    } else if (predecessor !== undefined) await this.#end(predecessor, 'retired', this.nowMs);
    this.#patch(version, { status: 'active', activatedAt: new Date(this.nowMs) });
  }

  /** Ends a version now. */
  async end(row: VersionRow, why: NonNullable<VersionRow['revokedWhy']>): Promise<void> {
    await this.#end(row, why, this.nowMs);
  }

  async #end(row: VersionRow, why: NonNullable<VersionRow['revokedWhy']>, atMs: number): Promise<void> {
    this.#patch(row.version, {
      status: 'revoked',
      revokedAt: new Date(atMs),
      revokedWhy: why,
      // Told to the hook afterwards, and again until it has revoked it: what it calls the value stays in the row.
      ...(row.externalRef === null ? {} : { externalRevokeDueAt: new Date(this.nowMs) }),
    });
  }

  #patch(version: number, patch: VersionPatch): void {
    this.#touched.add(version);
    this.#versions = this.#versions.map((row) => (row.version === version ? { ...row, ...patch } : row));
    if (!this.#added.has(version)) this.#patches.set(version, { ...this.#patches.get(version), ...patch });
  }

  /**
   * Writes down what was changed, each version once. What is in the database comes first, because a version that was added
   * may take its place.
   */
  async write(): Promise<void> {
    for (const [version, patch] of this.#patches) await updateVersion(this.tx, this.key.id, version, patch);
    for (const [version, sealed] of this.#added)
      await insertVersion(this.tx, { ...this.version(version), ...sealed });
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

/** Of a version that nobody has been given yet. */
const NEVER_USED = {
  status: 'staged',
  activatedAt: null,
  retiresAt: null,
  revokedAt: null,
  revokedWhy: null,
  seq: 0,
  externalRevokedAt: null,
  externalRevokeDueAt: null,
  externalRevokeAttempts: 0,
  externalRevokeError: null,
} as const;

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
    // All in one exchange: whoever waits for the key waits for these as well.
    const [key, versions, vaultKey] = await Promise.all([
      findKey(tx, id),
      selectVersions(tx, [id]),
      selectVaultPublicKey(tx),
    ]);
    if (key === undefined) throw new AppError('api_key_not_found');
    const editor = new KeyEditor({ tx, key, versions, vaultKey, nowMs: clock.nowMs(), byName: actor.name });
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
  await editor.write();
  const seq = await appendChange(tx, 'api_key', editor.snapshot());
  // Only what carries the change's number may follow it: the feed's counter is locked from here on.
  await Promise.all([
    numberVersions(tx, key.id, editor.touched, seq),
    recordAudit(tx, actor, {
      action: audit.action,
      targetKind: 'api_key',
      targetId: key.id,
      appId: key.appId,
      reason: audit.reason ?? null,
      detail: { name: key.name, ...audit.detail },
      changeSeq: seq,
    }),
  ]);
  return seq;
}
