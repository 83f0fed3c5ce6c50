import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { DecisionOutcome } from '@/lib/contracts';

/** What gauges are read from when metrics are asked for. */
export interface MetricSources {
  queueDepth(): number;
  snapshotAgeMs(): number;
  appliedSeq(): number;
  clockSkewMs(): number;
  droppedRequestEvents(): number;
}

/** The counters of one worker. */
export interface ServiceMetrics {
  observeAnswer(path: string, status: number, elapsedMs: number): void;
  observeDecision(outcome: DecisionOutcome, isAllowed: boolean): void;
  /** A rule of a policy that could not be evaluated. */
  observeRuleFailure(appId: string, rule: string): void;
  observeCommit(batch: { size: number; elapsedMs: number; isCommitted: boolean }): void;
}

const LATENCY_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const BATCH_SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/**
 * Registers the metrics of one worker. Decisions are counted in plain memory and handed over when they are asked for:
 * that path is too fast for a labelled counter.
 */
export function createMetrics(registry: Registry, sources: MetricSources): ServiceMetrics {
  const registers = [registry];
  const answers = new Counter({
    name: 'countersign_requests_total',
    help: 'Requests answered, by route and status.',
    labelNames: ['route', 'status'],
    registers,
  });
  const latency = new Histogram({
    name: 'countersign_request_duration_seconds',
    help: 'Time from the head of a request to its answer, by route.',
    labelNames: ['route'],
    buckets: LATENCY_SECONDS,
    registers,
  });
  const commits = new Histogram({
    name: 'countersign_commit_duration_seconds',
    help: 'Duration of group commits, by result.',
    labelNames: ['result'],
    buckets: LATENCY_SECONDS,
    registers,
  });
  const batches = new Histogram({
    name: 'countersign_commit_batch_size',
    help: 'Attestations in one group commit.',
    buckets: BATCH_SIZES,
    registers,
  });
  const ruleFailures = new Counter({
    name: 'countersign_policy_rule_failures_total',
    help: 'Rules of policies that could not be evaluated, by app and rule. Each flags its attestation.',
    labelNames: ['app', 'rule'],
    registers,
  });
  registerGauges(registers, sources);
  return {
    observeRuleFailure: (app, rule) => ruleFailures.inc({ app, rule }),
    observeAnswer: (route, status, elapsedMs) => {
      answers.inc({ route, status });
      latency.observe({ route }, elapsedMs / 1000);
    },
    observeDecision: countDecisions(registers),
    observeCommit: ({ size, elapsedMs, isCommitted }) => {
      batches.observe(size);
      commits.observe({ result: isCommitted ? 'committed' : 'failed' }, elapsedMs / 1000);
    },
  };
}

function countDecisions(registers: Registry[]): ServiceMetrics['observeDecision'] {
  const counts = { true: new Map<DecisionOutcome, number>(), false: new Map<DecisionOutcome, number>() };
  new Counter({
    name: 'countersign_decisions_total',
    help: 'Decisions for relying parties, by outcome and by whether the request was let through.',
    labelNames: ['outcome', 'allowed'],
    registers,
    collect() {
      this.reset();
      for (const allowed of ['true', 'false'] as const) {
        for (const [outcome, count] of counts[allowed]) this.inc({ outcome, allowed }, count);
      }
    },
  });
  return (outcome, isAllowed) => {
    const of = isAllowed ? counts.true : counts.false;
    of.set(outcome, (of.get(outcome) ?? 0) + 1);
  };
}

function registerGauges(registers: Registry[], sources: MetricSources): void {
  const gauge = (name: string, help: string, aggregator: 'sum' | 'max' | 'min', read: () => number) =>
    new Gauge({
      name,
      help,
      aggregator,
      registers,
      collect() {
        this.set(read());
      },
    });
  gauge(
    'countersign_commit_queue_depth',
    'Attestations that wait for a group commit.',
    'sum',
    sources.queueDepth,
  );
  gauge(
    'countersign_snapshot_age_seconds',
    'How long ago the oldest view of a worker was known to be complete.',
    'max',
    () => sources.snapshotAgeMs() / 1000,
  );
  gauge(
    'countersign_applied_seq',
    'Position in the change feed of the last worker.',
    'min',
    sources.appliedSeq,
  );
  gauge(
    'countersign_clock_skew_seconds',
    'How far the clock of this machine is ahead of the database.',
    'max',
    () => sources.clockSkewMs() / 1000,
  );
  gauge(
    'countersign_request_events_dropped',
    'Refused requests that were counted, but not kept as rows.',
    'sum',
    sources.droppedRequestEvents,
  );
}
