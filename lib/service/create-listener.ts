import type { RequestListener } from 'node:http';
import { type DeviceVersion, type KeyUseCounters, recordDeliveries } from '@/lib/api-keys';
import type { BlockHits } from '@/lib/blocks';
import { takeCall } from '@/lib/integrity';
import {
  type ChallengeCounter,
  type RequestCounters,
  recordAttestations,
  selectInstances,
  type WriterMemory,
} from '@/lib/telemetry';
import { NetworkReader } from './address';
import { KeyDelivery } from './api-keys/delivery';
import type { AttestationContext } from './attestation/context';
import { type Commit, GroupCommit } from './attestation/group-commit';
import { InstanceLoader } from './attestation/instance-loader';
import { RuleFailures } from './attestation/rule-failures';
import { AUTHORIZE_PATH, type Authorize, createAuthorize } from './authorize/authorize';
import { RelyingPartyView } from './authorize/relying-party-view';
import type { EventsNotifier } from './events-notifier';
import { createDispatcher } from './http/router';
import { GoogleDecoder } from './integrity/google-decoder';
import { logFailures } from './log-failures';
import { createMetrics, type ServiceMetrics } from './metrics';
import type { Readiness } from './ops';
import { pinFailureRoute } from './pin-failures';
import { revocationsRoute } from './revocations-route';
import { createRoutes } from './routes';
import type { ServiceOptions } from './service-options';
import type { Node } from './start-node';

/** Everything between the socket and the parts of the node. */
export function createListener(
  options: ServiceOptions,
  node: Node,
  shared: {
    counters: RequestCounters;
    challenges: ChallengeCounter;
    keyUses: KeyUseCounters;
    hits: BlockHits;
    writer: WriterMemory;
    notifier: EventsNotifier;
    readiness: Readiness;
  },
): { listener: RequestListener; commits: GroupCommit } {
  const { db, clock, vault, follower, signer, revocations, keyRing, playRing, acknowledgements } = node;
  const { issuer, build, nodeId, logger } = options;
  const networks = new NetworkReader(vault.addressKey, options.trustedProxies, options.networks);
  const metrics: ServiceMetrics = createMetrics(options.registry, {
    queueDepth: () => commits.depth,
    snapshotAgeMs: () => follower.ageMs,
    appliedSeq: () => follower.snapshot.seq,
    clockSkewMs: () => clock.skewMs(),
    droppedRequestEvents: () => shared.counters.droppedEvents,
  });
  const commit: Commit = (batch) => recordAttestations(db, batch, shared.writer);
  const commits = new GroupCommit(
    logFailures(logger, 'attestations cannot be committed', commit),
    (batch) => {
      metrics.observeCommit(batch);
      if (batch.isCommitted) shared.notifier.committed();
    },
  );
  const context: AttestationContext = {
    issuer,
    build,
    clock,
    follower,
    challengeKey: vault.challengeKey,
    networks,
    commits,
    challenges: shared.challenges,
    hits: shared.hits,
    integrity: {
      ring: playRing,
      decoder: new GoogleDecoder(options.google, clock, (appId, quota) => takeCall(db, appId, quota)),
    },
    archiveKey: vault.archiveKey,
    instances: new InstanceLoader(
      logFailures(logger, 'instances cannot be read', (ids: readonly string[]) =>
        selectInstances(db.sql, ids),
      ),
    ),
    keyDelivery: new KeyDelivery({
      clock,
      ring: keyRing,
      keysOf: (appId) => follower.snapshot.apiKeys.ofApp(appId),
      record: logFailures(
        logger,
        'deliveries of API keys cannot be recorded',
        (rows: readonly DeviceVersion[]) => recordDeliveries(db, rows, nodeId),
      ),
    }),
    ruleFailures: new RuleFailures(logger, metrics.observeRuleFailure),
    signingKey: () => signer.signingKey(),
    signedConfig: (entry) => signer.signedConfig(entry),
  };
  const view = new RelyingPartyView({ issuer, follower, clock });
  const authorize = createAuthorize(
    {
      nodeId,
      clock,
      follower,
      view,
      networks,
      counters: shared.counters,
      keyUses: shared.keyUses,
      hits: shared.hits,
    },
    metrics.observeDecision,
  );
  const dispatch = createDispatcher(
    [
      ...createRoutes(context, shared.readiness),
      revocationsRoute({ follower, revocations, acknowledgements }),
      pinFailureRoute({ db, clock, follower, view, networks, logger }),
    ],
    logger,
    metrics.observeAnswer,
  );
  return { listener: authorizeFirst(authorize, dispatch), commits };
}

/** Nothing, a query, or the path of the original request, which Envoy appends. */
const AFTER_AUTHORIZE_PATH: ReadonlySet<string | undefined> = new Set([undefined, '?', '/']);

/** Forward auth goes first: every other cost on its way would be a large part of its own. */
function authorizeFirst(authorize: Authorize, dispatch: RequestListener): RequestListener {
  return (incoming, outgoing) => {
    const target = incoming.url ?? '';
    if (target.startsWith(AUTHORIZE_PATH) && AFTER_AUTHORIZE_PATH.has(target[AUTHORIZE_PATH.length]))
      authorize(incoming, outgoing);
    else dispatch(incoming, outgoing);
  };
}
