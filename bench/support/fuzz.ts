import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { cryptoTargets } from '@/lib/crypto/testing/fuzz/crypto-targets';
import { FuzzRandom } from '@/lib/crypto/testing/fuzz/random';
import type { FuzzTarget } from '@/lib/crypto/testing/fuzz/target';
import { evidenceTargets, validEncodings } from '@/lib/evidence/testing/fuzz-targets';
import { requestTargets } from '@/lib/service/testing/fuzz-targets';
import { tokenTargets } from '@/lib/tokens/testing/fuzz-targets';

/** How far a run goes. */
export interface FuzzOptions {
  readonly root: string;
  /** It ends after this time, wherever it is. */
  readonly seconds: number;
  /** A target is done after so many inputs, over all runs. */
  readonly inputs: number;
  /** Only this target; absent: all. */
  readonly only: string | undefined;
  /** Begins anew instead of going on where the last run ended. */
  readonly reset: boolean;
}

/** What is known of one target, over all runs. */
interface Progress {
  inputs: number;
  /** Of the processor: a run may be stopped, or wait for other work, as long as it likes. */
  seconds: number;
  slowestMs: number;
  threw: number;
  slow: number;
  accepted: number;
  /** Seeds that lead to what went wrong, for a test. */
  failures: string[];
}

/** Inputs under one seed: a run goes on from the next. */
const BATCH = 500;
const LIMIT_MS = 10;
const MOST_FAILURES = 10;
/** What is slow once may have met the garbage collector, or another process; what hangs is slow each time. */
const REPEATS = 4;

const NONE: Progress = { inputs: 0, seconds: 0, slowestMs: 0, threw: 0, slow: 0, accepted: 0, failures: [] };

function allTargets(): FuzzTarget[] {
  const { certificates, items } = validEncodings();
  return [
    ...cryptoTargets(certificates, items),
    ...evidenceTargets(),
    ...tokenTargets(),
    ...requestTargets(),
  ];
}

function seedOf(name: string, batch: number): number {
  let seed = batch * 2_654_435_761;
  for (const char of name) seed = Math.imul(seed ^ char.charCodeAt(0), 16_777_619);
  return seed >>> 0;
}

/** One batch of a target, under its own seed. */
function runBatch(target: FuzzTarget, progress: Progress): void {
  const batch = progress.inputs / BATCH;
  const random = new FuzzRandom(seedOf(target.name, batch));
  for (let index = 0; index < BATCH; index++) {
    const act = target.next(random);
    const note = (what: 'threw' | 'slow' | 'accepted', detail = '') => {
      progress[what] += 1;
      if (progress.failures.length < MOST_FAILURES) {
        progress.failures.push(`${what} at batch ${batch}, input ${index}${detail}`);
      }
    };
    const startedAt = performance.now();
    try {
      if (act()) note('accepted');
    } catch (error) {
      note('threw', `: ${error instanceof Error ? error.message.slice(0, 120) : 'no error'}`);
    }
    const elapsedMs = performance.now() - startedAt;
    if (elapsedMs > LIMIT_MS && quickest(act) > LIMIT_MS) note('slow', `: ${Math.round(elapsedMs)} ms`);
    else progress.slowestMs = Math.max(progress.slowestMs, Math.min(elapsedMs, LIMIT_MS));
  }
  progress.inputs += BATCH;
}

/** The least time of a processor that an act needs: what other processes take from this one is none of its own. */
function quickest(act: () => boolean): number {
  let quickestMs = Number.POSITIVE_INFINITY;
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const before = process.cpuUsage();
    try {
      act();
    } catch {
      // Counted the first time.
    }
    const { user, system } = process.cpuUsage(before);
    quickestMs = Math.min(quickestMs, (user + system) / 1000);
  }
  return quickestMs;
}

function readState(file: string, reset: boolean): Record<string, Progress> {
  if (reset) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, Progress>;
  } catch {
    return {};
  }
}

/**
 * Gives every target inputs in turn until the time is over or all are done, and keeps how far each came in
 * `.build/fuzz/state.json`, so that the next run goes on from there. Returns whether nothing ever went wrong.
 */
export function runFuzz(options: FuzzOptions): boolean {
  const file = path.join(options.root, '.build/fuzz/state.json');
  mkdirSync(path.dirname(file), { recursive: true });
  const state = readState(file, options.reset);
  const save = () => {
    writeFileSync(`${file}.new`, JSON.stringify(state, null, 2));
    renameSync(`${file}.new`, file);
  };
  const targets = allTargets().filter(({ name }) => options.only === undefined || name === options.only);
  if (targets.length === 0) throw new RangeError(`There is no target ${options.only}.`);
  const endsAt = performance.now() + options.seconds * 1000;
  let isUnfinished = true;
  while (isUnfinished && performance.now() < endsAt) {
    isUnfinished = false;
    for (const target of targets) {
      const progress = state[target.name] ?? structuredClone(NONE);
      state[target.name] = progress;
      if (progress.inputs >= options.inputs) continue;
      isUnfinished = true;
      // Each has the same time, not the same number: cheap ones are done early and leave theirs to the others.
      const startedAt = performance.now();
      const before = process.cpuUsage();
      while (progress.inputs < options.inputs && performance.now() - startedAt < 250)
        runBatch(target, progress);
      const { user, system } = process.cpuUsage(before);
      progress.seconds += (user + system) / 1_000_000;
      if (performance.now() > endsAt) break;
    }
    save();
  }
  print(targets, state);
  return targets.every(({ name }) => (state[name]?.failures.length ?? 0) === 0);
}

function print(targets: readonly FuzzTarget[], state: Readonly<Record<string, Progress>>): void {
  console.log(`\nfuzz on ${os.cpus()[0]?.model ?? 'unknown'}, one core, Node ${process.version}\n`);
  const rows = targets.map((target) => ({ target, progress: state[target.name] ?? NONE }));
  console.table(
    Object.fromEntries(
      rows.map(({ target, progress }) => [
        target.name,
        {
          inputs: progress.inputs,
          'per second of a core': Math.round(progress.inputs / Math.max(progress.seconds, 0.001)),
          threw: progress.threw,
          'over 10 ms': progress.slow,
          'wrongly accepted': progress.accepted,
        },
      ]),
    ),
  );
  for (const { target, progress } of rows) {
    for (const failure of progress.failures) console.log(`${target.name}: ${failure}`);
  }
}
