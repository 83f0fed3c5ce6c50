import { AggregatorRegistry, register } from 'prom-client';
import { createLogger } from '@/lib/core';
import { loadNetworks } from '@/lib/enrichment';
import { isMessage, type PrimaryMessage, tellParent } from './messages';
import type { ServiceSettings } from './settings';
import { startService } from './start-service';

const STATUS_MS = 1_000;

/** Name of the n-th worker of a machine: the same after every restart. */
export function nodeIdOf(nodeName: string, slot: number): string {
  return `${nodeName}-w${slot}`;
}

/**
 * Runs one worker until the primary tells it to end, or is gone. Rejects where it cannot start.
 */
export async function runWorker(settings: ServiceSettings, slot: number): Promise<void> {
  const nodeId = nodeIdOf(settings.nodeName, slot);
  const logger = createLogger(nodeId, settings.logLevel);
  // Answers the primary when it gathers the metrics of all workers.
  new AggregatorRegistry();
  const { networks } = await loadNetworks({ file: settings.networksFile });
  const service = await startService({
    ...settings,
    networks,
    opsPort: null,
    nodeId,
    logger,
    registry: register,
  });
  const report = () => tellParent({ type: 'status', ...service.readiness() });
  const reporter = setInterval(report, STATUS_MS);
  report();
  tellParent({ type: 'ready', nodeId });

  let isEnding = false;
  const end = () => {
    if (isEnding) return;
    isEnding = true;
    report();
    service.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
    clearInterval(reporter);
  };
  process.on('message', (message) => {
    if (isMessage<PrimaryMessage>(message, ['shutdown'])) end();
  });
  process.on('SIGTERM', end);
  // Ctrl-C reaches every process of the terminal: the primary decides when its workers end.
  process.on('SIGINT', () => undefined);
}
