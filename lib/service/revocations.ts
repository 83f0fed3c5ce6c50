import type { CutOffSnapshot, Revocations } from '@/lib/contracts';
import type { Snapshot } from './snapshot/state';

/** Requests of one node that wait at once; who comes beyond them is told at once that there is nothing new. */
const MOST_WAITING = 2_000;

/** Where a reader of the feed stands. */
export interface RevocationCursor {
  readonly epoch: string;
  readonly after: number;
}

/**
 * What relying parties that verify locally have to refuse: always the whole of it, so that no gap can be missed. A reader
 * that names where it stands waits for what comes after.
 */
export class RevocationFeed {
  readonly #snapshot: () => Snapshot;
  readonly #waiting = new Set<() => void>();
  #isEnding = false;
  #known: { readonly of: Snapshot; readonly seq: number; readonly document: Revocations } | undefined;

  constructor(snapshot: () => Snapshot) {
    this.#snapshot = snapshot;
  }

  /** Wakes whoever waits: something was revoked, or everything was read anew. */
  changed(): void {
    this.#known = undefined;
    for (const look of [...this.#waiting]) look();
  }

  /**
   * What is revoked now: at once where the reader's epoch is another, else as soon as there is something after its
   * position; `null` where there was nothing until the time was over. A reader that is ahead of this node waits as well,
   * and then gets what there is: the node was behind, or the database was restored under the same epoch.
   */
  async read(cursor: RevocationCursor | null, waitMs: number): Promise<Revocations | null> {
    const found = this.#after(cursor);
    if (found !== null || waitMs <= 0 || this.#isEnding || this.#waiting.size >= MOST_WAITING) return found;
    return await new Promise((resolve) => {
      const finish = (news: Revocations | null) => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(news);
      };
      const look = () => {
        const news = this.#after(cursor);
        if (news !== null || this.#isEnding) finish(news);
      };
      const timer = setTimeout(() => {
        const document = this.#document();
        finish(cursor?.after === document.seq ? null : document);
      }, waitMs);
      this.#waiting.add(look);
    });
  }

  /** Lets everyone go who waits, because the node ends. */
  end(): void {
    this.#isEnding = true;
    for (const look of [...this.#waiting]) look();
  }

  #after(cursor: RevocationCursor | null): Revocations | null {
    const document = this.#document();
    const isNews = cursor === null || cursor.epoch !== document.epoch || cursor.after < document.seq;
    return isNews ? document : null;
  }

  #document(): Revocations {
    const snapshot = this.#snapshot();
    if (this.#known?.of !== snapshot || this.#known.seq !== snapshot.revokedSeq) {
      this.#known = { of: snapshot, seq: snapshot.revokedSeq, document: revocationsOf(snapshot) };
    }
    return this.#known.document;
  }
}

function revocationsOf({ epoch, revokedSeq, cutOffs, keys }: Snapshot): Revocations {
  return {
    epoch,
    seq: revokedSeq,
    cutOffs: Array.from(cutOffs.all(), ({ scope, target, notBeforeSeconds }: CutOffSnapshot) => ({
      scope,
      target,
      notBeforeSeconds,
    })),
    revokedKeys: [...keys.values()].flatMap(({ snapshot: { kid, state } }) =>
      state === 'revoked' || state === 'retired' ? [kid] : [],
    ),
  };
}
