import type { RequestListener, ServerResponse } from 'node:http';
import { type Answer, json, problem } from './http/answer';
import { pathOf, write } from './http/router';

/** Whether the work can be done; reasons for people where it cannot. */
export type Readiness = () => { isReady: boolean; snapshotAgeMs: number; reasons: readonly string[] };

/** What operators ask for. */
export interface OpsSources {
  /** Metrics in Prometheus' text format. */
  metrics(): Promise<string>;
  readonly readiness: Readiness;
}

const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** `/metrics`, `/healthz` and `/readyz` for the operators' port. */
export function createOpsListener({ metrics, readiness }: OpsSources): RequestListener {
  const routes: Readonly<Record<string, () => Promise<Answer> | Answer>> = {
    '/metrics': async () => ({ status: 200, headers: ['Content-Type', METRICS_TYPE], body: await metrics() }),
    '/healthz': () => json(200, { status: 'ok' }),
    '/readyz': () => readinessAnswer(readiness),
  };
  return (incoming, outgoing: ServerResponse) => {
    const path = pathOf(incoming.url ?? '/');
    const handle = Object.hasOwn(routes, path) ? routes[path] : undefined;
    Promise.resolve(handle?.() ?? problem('route_not_found')).then(
      (answer) => write(incoming, outgoing, answer),
      () => write(incoming, outgoing, problem('service_unavailable')),
    );
  };
}

/** 200 where the node can do its work, else 503 with the reasons. */
export function readinessAnswer(readiness: Readiness): Answer {
  const { isReady, snapshotAgeMs, reasons } = readiness();
  const status = isReady ? 'ok' : 'unavailable';
  return json(isReady ? 200 : 503, { status, snapshotAgeMs: Math.round(snapshotAgeMs), reasons });
}
