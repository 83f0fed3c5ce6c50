import { scopeApps, type VerbContext } from '@/lib/auth';
import type { BlockExport, BlockQuery, ListedBlock } from '@/lib/contracts';
import { AppError, fromBase64Url, toBase64Url } from '@/lib/core';
import { type BlockPosition, type ListedRow, listBlockRows, readHits } from './list-store';
import { blockView, isActive } from './view';

const DAY_MS = 86_400_000;
const EXPORT_PAGE = 1_000;

/** One page of blocks, simulations and allowlist entries, newest first. @throws AppError `permission_denied` */
export async function listBlocks(
  ctx: VerbContext,
  input: BlockQuery,
): Promise<{ rows: ListedBlock[]; nextCursor: string | null }> {
  const appIds = scopeApps(ctx.actor, 'devices.read', input.app);
  const now = new Date(ctx.clock.nowMs());
  const found = await listBlockRows(
    ctx.db.orm,
    appIds,
    input,
    decodeCursor(input.cursor),
    input.limit + 1,
    now,
  );
  const shown = found.slice(0, input.limit);
  const last = found.length > input.limit ? shown.at(-1) : undefined;
  return { rows: await described(ctx, shown), nextCursor: last ? encodeCursor(last) : null };
}

/**
 * All that a query lets through, a page at a time, each read when the one before was taken. Permission is checked before
 * the first page is asked for. @throws AppError `permission_denied`
 */
export function exportBlocks(ctx: VerbContext, input: BlockExport): AsyncIterable<readonly ListedBlock[]> {
  const appIds = scopeApps(ctx.actor, 'devices.read', input.app);
  return pagesOf(ctx, appIds, input);
}

async function* pagesOf(
  ctx: VerbContext,
  appIds: readonly string[] | null,
  input: BlockExport,
): AsyncGenerator<readonly ListedBlock[]> {
  const now = new Date(ctx.clock.nowMs());
  let after: BlockPosition | undefined;
  for (;;) {
    const page = await listBlockRows(ctx.db.orm, appIds, input, after, EXPORT_PAGE, now);
    if (page.length > 0) yield await described(ctx, page);
    after = page.at(-1);
    if (page.length < EXPORT_PAGE) return;
  }
}

async function described({ db, clock }: VerbContext, rows: readonly ListedRow[]): Promise<ListedBlock[]> {
  const nowMs = clock.nowMs();
  const ids = rows.map(({ id }) => id);
  const hits = await readHits(db.orm, ids, new Date(nowMs - DAY_MS));
  return rows.map(({ row, appName }) => ({
    ...blockView(row),
    active: isActive(row, nowMs),
    appName,
    attestations24h: hits.get(row.id)?.attestations ?? 0,
    requests24h: hits.get(row.id)?.requests ?? 0,
  }));
}

function encodeCursor({ at, id }: BlockPosition): string {
  return toBase64Url(Buffer.from(JSON.stringify([at, id])));
}

const CURSOR = /^\["(\d{4}-\d{2}-\d{2} [\d:.+-]{8,24})","([0-9a-f-]{36})"\]$/;

/** @throws AppError `request_invalid` for what is no cursor of ours */
function decodeCursor(cursor: string | undefined): BlockPosition | undefined {
  if (cursor === undefined) return undefined;
  const text = Buffer.from(fromBase64Url(cursor) ?? []).toString('latin1');
  const [, at, id] = CURSOR.exec(text) ?? [];
  if (at === undefined || id === undefined) {
    throw new AppError('request_invalid', { fields: { cursor: 'is none of ours' } });
  }
  return { at, id };
}
