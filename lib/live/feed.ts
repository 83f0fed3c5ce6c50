import { lastAuditId, listAuditAfter } from '@/lib/audit';
import { readNodes, readPropagationViews } from '@/lib/changes';
import type { NodesView } from '@/lib/contracts';
import { type Clock, describeError, type Logger } from '@/lib/core';
import type { Database } from '@/lib/db';
import { coalesce } from './coalesce';
import type { LiveHub } from './hub';
import { OVERLAP_SECONDS, readNewAttestations, SeenEvents } from './recent-attestations';

const NODES_EVERY_MS = 5_000;
/**
 * Attestations are told of at most once in so long. With the folding of counts before and the page's own refetch after it,
 * a chart has them within 1.5 s also on a slow machine.
 */
const ATTESTATIONS_EVERY_MS = 750;
/** Events may be missed where nothing was read for longer than the spans overlap. */
const MISSED_AFTER_MS = (OVERLAP_SECONDS - 1) * 1000;
/** Changes whose way is followed at once; older ones can still be asked for. */
const MOST_FOLLOWED = 100;
const FOLLOW_FOR_MS = 10 * 60_000;
/** Audit rows commit out of the order of their ids; this many before the newest are looked at again. */
const AUDIT_OVERLAP = 100;
const MOST_AUDIT_ROWS = 300;

/** A change on its way to the nodes, and what was told of it last. */
interface FollowedChange {
  sinceMs: number;
  told: string;
}

/** Reads what happened from the database and publishes it. Every read is a poll that a notification only hastens. */
export class LiveFeed {
  /** Attestations that committed since; a moment later where some were told just now. */
  readonly attestations = coalesce(() => this.#attestations());
  /** How far the followed changes got, where that is other than what was told last. */
  readonly propagation = coalesce(() => this.#propagation());
  /** Audit rows that were written since. */
  readonly audit = coalesce(() => this.#audit());

  readonly #seen = new SeenEvents();
  readonly #followed = new Map<number, FollowedChange>();
  #begun = false;
  #headSeq = 0;
  #auditId = 0;
  #toldAudit: ReadonlySet<number> = new Set();
  #alive = '';
  #nodesToldMs = 0;
  #attestationsToldMs = 0;
  /** Counts may have been folded since attestations were told of: whoever shows counts has to read them again. */
  #countsMoved = false;
  #attestationsReadMs = 0;
  #attestationsLater: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly db: Database,
    private readonly hub: LiveHub,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly replicaLagMs: () => Promise<number | null> = async () => null,
  ) {}

  /** Everything that is told once a second. A part that fails is logged and does not hold up the others. */
  async second(): Promise<void> {
    if (!this.#begun) await this.#guard('begin', () => this.#begin());
    if (!this.#begun) return;
    await this.#guard('attestations', () => this.#attestationsOrTick());
    await this.#guard('nodes', () => this.#nodes());
    await this.#guard('propagation', this.propagation);
    await this.#guard('audit', this.audit);
  }

  /** Reads nothing more by itself. */
  close(): void {
    clearTimeout(this.#attestationsLater);
  }

  /** A writer has folded counts, and tells so. */
  async countsFolded(): Promise<void> {
    this.#countsMoved = true;
    await this.attestations();
  }

  /** Follows a change, and those before it that were not heard of, until every node enforces it. */
  follow(seq: number): void {
    if (!this.#begun || !Number.isSafeInteger(seq) || seq <= this.#headSeq) return;
    for (let next = Math.max(this.#headSeq + 1, seq - MOST_FOLLOWED + 1); next <= seq; next++) {
      this.#followed.set(next, { sinceMs: this.clock.nowMs(), told: '' });
    }
    this.#headSeq = seq;
  }

  /** Takes the present as known, so that only what happens from now on is told; only then are streams greeted. */
  async #begin(): Promise<void> {
    await readNewAttestations(this.db.orm, this.#seen);
    this.#attestationsReadMs = this.clock.nowMs();
    this.#auditId = await lastAuditId(this.db.orm);
    this.#headSeq = (await readNodes(this.db.orm)).headSeq;
    this.#begun = true;
    this.hub.begin();
  }

  /** Once a second everybody hears something, so that they know how far they are behind. */
  async #attestationsOrTick(): Promise<void> {
    const toldMs = this.#attestationsToldMs;
    await this.attestations();
    if (this.#attestationsToldMs === toldMs) this.hub.tick();
  }

  async #attestations(): Promise<void> {
    const nowMs = this.clock.nowMs();
    if (!this.#begun) return;
    const waitMs = this.#attestationsToldMs + ATTESTATIONS_EVERY_MS - nowMs;
    // It is longer where the clock was set back.
    if (waitMs > 0 && waitMs <= ATTESTATIONS_EVERY_MS) return this.#attestationsIn(waitMs);
    const counts = this.#countsMoved;
    this.#countsMoved = false;
    const news = await readNewAttestations(this.db.orm, this.#seen);
    const missed = nowMs - this.#attestationsReadMs > MISSED_AFTER_MS;
    this.#attestationsReadMs = nowMs;
    if (missed) this.hub.resync();
    if (!news && !counts) return;
    this.#attestationsToldMs = nowMs;
    const serverTime = new Date(this.clock.nowMs()).toISOString();
    this.hub.publish({ topic: 'attestations', data: { serverTime, ...(news ?? { counts: [], rows: [] }) } });
    if (!news) return;
    // They were read as they committed, and their writers fold their counts a moment later, each at its own time.
    this.#countsMoved = true;
    this.#attestationsIn(ATTESTATIONS_EVERY_MS);
  }

  #attestationsIn(waitMs: number): void {
    this.#attestationsLater ??= setTimeout(() => {
      this.#attestationsLater = undefined;
      void this.#guard('attestations', this.attestations);
    }, waitMs);
  }

  async #propagation(): Promise<void> {
    const seqs = [...this.#followed.keys()].slice(-MOST_FOLLOWED);
    const views = await readPropagationViews(this.db.orm, seqs);
    for (const view of views.sort((a, b) => a.seq - b.seq)) {
      const followed = this.#followed.get(view.seq);
      // When a node was last seen moves on by itself and is no news.
      const state = JSON.stringify([view.enforced, view.nodes.map(({ lastSeenAt: _, ...node }) => node)]);
      if (followed && followed.told !== state) {
        followed.told = state;
        this.hub.publish({ topic: 'propagation', data: view });
      }
      if (view.enforced) this.#followed.delete(view.seq);
    }
    const oldestMs = this.clock.nowMs() - FOLLOW_FOR_MS;
    for (const [seq, { sinceMs }] of this.#followed) if (sinceMs < oldestMs) this.#followed.delete(seq);
  }

  async #audit(): Promise<void> {
    if (!this.#begun) return;
    const rows = await listAuditAfter(this.db.orm, this.#auditId, MOST_AUDIT_ROWS);
    for (const row of rows) {
      if (this.#toldAudit.has(row.id)) continue;
      const { id, action, targetKind, targetId, appId } = row;
      this.hub.publish({ topic: 'audit', data: { id, action, targetKind, targetId }, appId });
    }
    this.#toldAudit = new Set(rows.map((row) => row.id));
    const newest = rows.at(-1)?.id ?? this.#auditId;
    this.#auditId = Math.max(this.#auditId, newest - AUDIT_OVERLAP);
  }

  /** The nodes, every 5 s, and at once when it changes who is alive or too old; a change whose wake-up was lost is found here. */
  async #nodes(): Promise<void> {
    const view = await readNodes(this.db.orm, await this.replicaLagMs());
    if (view.headSeq < this.#headSeq) this.#headSeq = view.headSeq;
    this.follow(view.headSeq);
    const alive = aliveness(view);
    const nowMs = this.clock.nowMs();
    if (alive === this.#alive && nowMs - this.#nodesToldMs < NODES_EVERY_MS) return;
    this.#alive = alive;
    this.#nodesToldMs = nowMs;
    this.hub.publish({ topic: 'nodes', data: view });
  }

  async #guard(part: string, run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.logger.warn({ part, error: describeError(error) }, 'live feed could not read');
    }
  }
}

function aliveness(view: NodesView): string {
  return view.nodes.map((node) => `${node.id}=${node.alive}:${node.unsupportedPolicies}`).join(' ');
}
