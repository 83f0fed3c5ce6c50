import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type CaseOutcome, parseCase } from '../index';

const BESIDE = path.join(path.dirname(fileURLToPath(import.meta.url)), 'vectors');
/** A bundle, such as a benchmark's, is elsewhere than its sources, and is run from the project's folder. */
const ROOT = existsSync(BESIDE) ? BESIDE : path.resolve('lib/evidence/testing/vectors');

const vectorSchema = z.object({
  case: z.string(),
  kind: z.string(),
  vector: z.string(),
  inputs: z.record(z.string(), z.unknown()),
  expected: z.looseObject({ result: z.string() }),
});

/** A case file of the vectors, with its folder. */
export interface Vector extends z.infer<typeof vectorSchema> {
  readonly folder: string;
}

/** Bytes of a file of the vectors, e.g. `ios/roots/x.pem`. */
export function readVectorFile(...segments: string[]): Buffer {
  return readFileSync(path.join(ROOT, ...segments));
}

/** Every case of a folder, e.g. `android/chains`; files without a case are passed over. */
export function readVectors(folder: string): Vector[] {
  return readdirSync(path.join(ROOT, folder))
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => {
      const parsed = vectorSchema.safeParse(JSON.parse(readVectorFile(folder, name).toString('utf8')));
      return parsed.success ? [{ ...parsed.data, folder }] : [];
    });
}

/** Runs a case with the files that it names. */
export function runVector(vector: Vector): CaseOutcome {
  const parsed = parseCase(vector);
  if (!parsed.ok) return parsed;
  return parsed.run(new Map(parsed.files.map((name) => [name, readVectorFile(vector.folder, name)])));
}
