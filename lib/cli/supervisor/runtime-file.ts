import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { readIfPresent, replaceFile } from './files';
import { isRunning } from './process-identity';

const identitySchema = z.object({ pid: z.number().int().positive(), startTicks: z.string().nullable() });

const runtimeSchema = z.object({
  supervisor: identitySchema,
  startedAt: z.string(),
  consoleUrl: z.string(),
  serviceUrl: z.string(),
  /** Port of the embedded Postgres; `null` where the database is somebody else's. */
  postgresPort: z.number().int().nullable(),
  /** The children that run. */
  processes: z.array(identitySchema.extend({ name: z.string() })),
});

/** What a running supervisor tells the other commands. It holds no secret. */
export type Runtime = z.infer<typeof runtimeSchema>;

/** Replaces the runtime file. */
export async function writeRuntime(file: string, runtime: Runtime): Promise<void> {
  await replaceFile(file, `${JSON.stringify(runtime, null, 2)}\n`);
}

/** What the last supervisor on this data directory wrote, be it running or killed. */
export async function readRuntime(file: string): Promise<Runtime | undefined> {
  const content = await readIfPresent(file);
  if (content === undefined) return undefined;
  try {
    return runtimeSchema.parse(JSON.parse(content));
  } catch {
    return undefined;
  }
}

/** The supervisor that runs on this data directory, if one does. */
export async function readLiveRuntime(file: string): Promise<Runtime | undefined> {
  const runtime = await readRuntime(file);
  return runtime && isRunning(runtime.supervisor) ? runtime : undefined;
}

/** Removes the runtime file. */
export async function removeRuntime(file: string): Promise<void> {
  await rm(file, { force: true });
}
