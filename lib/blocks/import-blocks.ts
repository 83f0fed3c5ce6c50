import { z } from 'zod';
import { recordAudit } from '@/lib/audit';
import { auditActorOf, requireSomewhere, type VerbContext } from '@/lib/auth';
import {
  type BlockImport,
  type BlockImported,
  blockEffectSchema,
  blockScopeSchema,
  incidentSchema,
  reasonSchema,
} from '@/lib/contracts';
import { AppError, newId } from '@/lib/core';
import { finishedBatch, insertBatch, updateBatch } from './batch-store';
import { parseCsv } from './csv';
import { type Decision, makeBlocks } from './make-blocks';
import { requireProofFor, requireToMake } from './permissions';
import { findActive } from './store';
import { resolveSubject } from './subject';

/** The columns of a list, by their names in its first line. Only the first two are needed. */
const COLUMNS = ['scope', 'target', 'app', 'effect', 'reason', 'incident', 'owner', 'expires_at'] as const;
const MOST_LINES = 1_000;
const SHOWN_ERRORS = 20;

const lineSchema = z.object({
  scope: blockScopeSchema,
  target: z.string().trim().min(1).max(200),
  app: z.string().trim(),
  effect: z.union([blockEffectSchema, z.literal('').transform(() => 'refuse' as const)]),
  reason: z.union([z.literal(''), reasonSchema]),
  incident: z.union([z.literal(''), incidentSchema]),
  owner: z.string().trim().max(120),
  expires_at: z.union([z.literal(''), z.iso.datetime({ offset: true })]),
});

/**
 * Puts a list in force: all of it, in one transaction, or nothing. Each line is checked as if a person had entered it; a
 * line that is wrong, that is in force already, or that stands twice refuses the whole list and is named.
 * @throws AppError `permission_denied`, `step_up_required`, `block_import_invalid`
 */
export async function importBlocks(ctx: VerbContext, input: BlockImport): Promise<BlockImported> {
  const { db, actor, clock } = ctx;
  requireSomewhere(actor, 'blocks.wide');
  const decisions = await readList(ctx, input);
  requireProofFor(ctx, decisions);
  const nowMs = clock.nowMs();
  const batchId = newId(nowMs);
  return db.orm.transaction(async (tx) => {
    await insertBatch(tx, {
      ...finishedBatch(decisions.length),
      id: batchId,
      query: { source: 'import' },
      reason: input.reason,
      incident: input.incident ?? null,
      expiresAt: null,
      createdBy: actor.id,
      createdByName: actor.name,
      createdAt: new Date(nowMs),
    });
    const { rows, seq } = await makeBlocks(tx, ctx, { origin: 'import', batchId }, decisions);
    // Somebody else was quicker with one of them: nothing half done.
    if (rows.length < decisions.length) throw new AppError('block_already_active');
    await updateBatch(tx, batchId, { seq });
    await recordAudit(tx, auditActorOf(actor), {
      action: 'block.import',
      targetKind: 'block_batch',
      targetId: batchId,
      reason: input.reason,
      detail: { blocks: rows.length, ...(input.incident ? { incident: input.incident } : {}) },
      changeSeq: seq,
    });
    return { batchId, made: rows.length, seq };
  });
}

async function readList(ctx: VerbContext, { csv, reason, incident }: BlockImport): Promise<Decision[]> {
  const [head, ...lines] = parseCsv(csv) ?? [];
  const names = head?.map((name) => name.trim().toLowerCase()) ?? [];
  const unknown = names.find((name) => !COLUMNS.some((column) => column === name));
  if (unknown !== undefined || !names.includes('scope') || !names.includes('target')) {
    throw invalid({ line1: `names the columns: ${COLUMNS.join(', ')}` });
  }
  if (lines.length === 0 || lines.length > MOST_LINES) {
    throw invalid({ csv: `has 1 to ${MOST_LINES} lines below the first` });
  }
  const errors: Record<string, string> = {};
  const decisions = new Map<string, Decision>();
  for (const [index, cells] of lines.entries()) {
    const line = `line${index + 2}`;
    try {
      const decision = await readLine(ctx, named(names, cells), { reason, incident: incident ?? null });
      const place = [decision.scope, decision.target, decision.appId, decision.effect].join(' ');
      if (decisions.has(place)) errors[line] = 'stands in the list twice';
      decisions.set(place, decision);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      errors[line] = Object.values(error.fields ?? {})[0] ?? error.message;
    }
    if (Object.keys(errors).length >= SHOWN_ERRORS) break;
  }
  if (Object.keys(errors).length > 0) throw invalid(errors);
  return [...decisions.values()];
}

function named(names: readonly string[], cells: readonly string[]): Record<string, string> {
  const line: Record<string, string> = Object.fromEntries(COLUMNS.map((column) => [column, '']));
  for (const [index, name] of names.entries()) line[name] = unescaped(cells[index] ?? '');
  return line;
}

/** What an export put before text that a spreadsheet would run as a formula. */
const unescaped = (cell: string) => (/^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell);

async function readLine(
  { db, actor, clock }: VerbContext,
  line: Record<string, string>,
  common: Pick<Decision, 'reason' | 'incident'>,
): Promise<Decision> {
  const parsed = lineSchema.safeParse(line);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid({ line: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is wrong'}` });
  }
  const { scope, target, app, effect, owner, expires_at: end } = parsed.data;
  const subject = await resolveSubject(db.orm, { scope, target, appId: app === '' ? null : app });
  const nowMs = clock.nowMs();
  const expiresAt = end === '' ? null : new Date(end);
  if (expiresAt !== null && expiresAt.getTime() <= nowMs) throw invalid({ line: 'expires_at has passed' });
  if (effect === 'allow' && (owner === '' || expiresAt === null)) {
    throw invalid({ line: 'an allowlist entry has an owner and an end' });
  }
  const durationSeconds = expiresAt === null ? null : (expiresAt.getTime() - nowMs) / 1000;
  requireToMake(actor, { ...subject, effect, durationSeconds });
  const now = new Date(nowMs);
  if (await findActive(db.orm, { ...subject, effect }, now)) throw new AppError('block_already_active');
  if (effect === 'refuse' && (await findActive(db.orm, { ...subject, effect: 'allow' }, now))) {
    throw new AppError('block_contradicts_allow');
  }
  return {
    ...subject,
    effect,
    expiresAt,
    reason: parsed.data.reason === '' ? common.reason : parsed.data.reason,
    incident: parsed.data.incident === '' ? common.incident : parsed.data.incident,
    owner: effect === 'allow' ? owner : null,
  };
}

function invalid(fields: Record<string, string>): AppError {
  return new AppError('block_import_invalid', { fields });
}
