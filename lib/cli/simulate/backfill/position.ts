import path from 'node:path';
import { z } from 'zod';
import { readIfPresent, replaceFile } from '../../supervisor';
import type { BackfillArguments } from './plan';

const positionSchema = z.object({
  schema: z.literal(1),
  /** The database that it is about: another one is empty. */
  database: z.string(),
  /** Instant up to which the history goes. */
  endMs: z.number(),
  /** Batches that each writer has committed. */
  done: z.array(z.number().int().nonnegative()),
  events: z.number().int().nonnegative(),
  isComplete: z.boolean(),
});

/** How far a history has been written. */
export type Position = Omit<z.infer<typeof positionSchema>, 'schema'>;

function fileOf(directory: string, { seed, days, events }: BackfillArguments): string {
  return path.join(directory, `backfill-${seed}-${days}d-${events}.json`);
}

/** How far the history of these arguments has been written into this database, if it was begun. */
export async function readPosition(
  directory: string,
  asked: BackfillArguments,
  database: string,
): Promise<Position | undefined> {
  const content = await readIfPresent(fileOf(directory, asked));
  if (content === undefined) return undefined;
  const parsed = positionSchema.safeParse(JSON.parse(content));
  return parsed.success && parsed.data.database === database ? parsed.data : undefined;
}

/** Replaces what is kept. */
export async function writePosition(
  directory: string,
  asked: BackfillArguments,
  position: Position,
): Promise<void> {
  await replaceFile(fileOf(directory, asked), JSON.stringify({ schema: 1, ...position }));
}
