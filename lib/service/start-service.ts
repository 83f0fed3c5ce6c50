import { KeyUseCounters } from '@/lib/api-keys';
import { BlockHits } from '@/lib/blocks';
import { openDatabase } from '@/lib/db';
import { ChallengeCounter, createWriter, RequestCounters } from '@/lib/telemetry';
import { createListener } from './create-listener';
import { withDeadline } from './deadline';
import { describeError } from './describe-error';
import { EventsNotifier } from './events-notifier';
import { listen } from './http/server';
import { oneAtATime } from './one-at-a-time';
import { createOpsListener, type Readiness } from './ops';
import type { ServiceOptions } from './service-options';
import { type Node, readinessOf, startNode } from './start-node';

/** A running node. */
export interface RunningService {
  readonly url: string;
  /** Where metrics are served, if this node does. */
  readonly opsUrl: string | null;
  readonly nodeId: string;
  readonly readiness: Readiness;
  /** Finishes what is in flight, within five seconds, then lets go of everything. */
  close(): Promise<void>;
}

const DRAIN_MS = 4_000;
const PARTING_MS = 500;
/** What was counted waits for the write that is under way, which may take as long as a statement. */
const COUNTED_MS = 2_500;
const FLUSH_MS = 1_000;
const POOL_SIZE = 6;
const STATEMENT_TIMEOUT_MS = 2_000;

/**
 * Starts one node: vault, snapshot, HTTP. Resolves once it is ready to answer.
 * @throws VaultError where the master key is not this database's, and nothing is changed then; what the database or
 * the operating system said, where it is away or a port is taken
 */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const db = openDatabase({
    url: options.databaseUrl,
    applicationName: `countersign-service ${options.nodeId}`,
    max: POOL_SIZE,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  });
  try {
    return await serve(options, await startNode(options, db));
  } catch (error) {
    await db.close();
    throw error;
  }
}

async function serve(options: ServiceOptions, node: Node): Promise<RunningService> {
  const { logger, host, nodeId } = options;
  const counters = new RequestCounters(node.db, nodeId);
  const challenges = new ChallengeCounter(node.db, nodeId);
  const keyUses = new KeyUseCounters(node.db, nodeId);
  const hits = new BlockHits(node.db, nodeId);
  const writer = createWriter(nodeId);
  const notifier = new EventsNotifier(node.db, writer, logger);
  let isDraining = false;
  const readiness = () => readinessOf(node, isDraining);
  const { listener, commits } = createListener(options, node, {
    counters,
    challenges,
    keyUses,
    hits,
    writer,
    notifier,
    readiness,
  });
  const server = await listen(listener, host, options.port);
  const ops =
    options.opsPort === null
      ? null
      : await listen(
          createOpsListener({ metrics: () => options.registry.metrics(), readiness }),
          '127.0.0.1',
          options.opsPort,
        );
  const warn = (error: unknown) =>
    logger.warn(
      { error: describeError(error) },
      'decisions, challenges and uses of API keys cannot be counted',
    );
  const flush = oneAtATime(async () => {
    await Promise.all([counters, challenges, keyUses, hits].map((each) => each.flush().catch(warn)));
  });
  const flusher = setInterval(flush, FLUSH_MS);
  return {
    url: `http://${host}:${server.port}`,
    opsUrl: ops && `http://127.0.0.1:${ops.port}`,
    nodeId,
    readiness,
    close: async () => {
      const startedAt = performance.now();
      isDraining = true;
      node.revocations.end();
      await Promise.all([server.close(DRAIN_MS), ops?.close(0)]);
      clearInterval(flusher);
      commits.stop();
      // Where the database is away, these would wait for it. A flush that runs may have begun before the last decisions.
      const left = DRAIN_MS - (performance.now() - startedAt);
      const counted = withDeadline(flush().then(flush), Math.max(PARTING_MS, Math.min(COUNTED_MS, left)));
      const parting = [
        notifier.stop(),
        node.acknowledgements.stop(),
        node.keeper.stop(),
        node.exporter.stop(),
        node.reporter.stop(),
        node.follower.stop(),
      ];
      await Promise.allSettled([counted, ...parting.map((step) => withDeadline(step, PARTING_MS))]);
      await node.db.close();
    },
  };
}
