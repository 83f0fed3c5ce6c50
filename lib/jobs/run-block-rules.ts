import { evaluateDueRules } from '@/lib/blocks';
import type { Logger } from '@/lib/core';
import type { Database } from '@/lib/db';
import type { RunningJobs } from './run-jobs';

const TICK_MS = 2_000;

/**
 * Evaluates the rules that block, as they come due, beside all other scheduled work: none of it delays a block. A rule
 * that stops itself is an alarm; a failure of the database is logged, and the next round tries again.
 */
export function startBlockRules(db: Database, logger: Logger): RunningJobs {
  let current: Promise<void> | undefined;
  const timer = setInterval(() => {
    current ??= evaluate(db, logger).finally(() => {
      current = undefined;
    });
  }, TICK_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await current;
    },
  };
}

async function evaluate(db: Database, logger: Logger): Promise<void> {
  try {
    for (const { ruleId, name, blocked, stopped, error } of await evaluateDueRules(db)) {
      if (blocked > 0) logger.info({ ruleId, name, blocked }, 'a rule has blocked');
      if (stopped !== null) logger.error({ ruleId, name, stopped }, 'a rule that blocks has stopped itself');
      if (error !== null) logger.error({ ruleId, code: codeOf(error) }, 'a rule cannot be evaluated');
    }
  } catch (error) {
    logger.error({ job: 'evaluate_block_rules', code: codeOf(error) }, 'job failed');
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
