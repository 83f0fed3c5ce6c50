import type { RequestListener } from 'node:http';
import type { Registry } from 'prom-client';
import { type DeviceVersion, KeyUseCounters, recordDeliveries } from '@/lib/api-keys';
import { BlockHits } from '@/lib/blocks';
import { REVOKING_TOPICS } from '@/lib/contracts';
import type { Logger } from '@/lib/core';
import { type Database, DatabaseClock, openDatabase } from '@/lib/db';
import type { Networks } from '@/lib/enrichment';
import { takeCall } from '@/lib/integrity';
import { STALE_AFTER_MS } from '@/lib/relying-party';
import { ensureSigningKey, openSigningKeys } from '@/lib/signing-keys';
import {
  ChallengeCounter,
  createWriter,
  RequestCounters,
  recordAttestations,
  selectInstances,
  type WriterMemory,
} from '@/lib/telemetry';
import { Acknowledgements } from './acknowledgements';
import { NetworkReader } from './address';
import { KeyDelivery } from './api-keys/delivery';
import { KeyRing } from './api-keys/key-ring';
import type { AttestationContext } from './attestation/context';
import { type Commit, GroupCommit } from './attestation/group-commit';
import { InstanceLoader } from './attestation/instance-loader';
import { RuleFailures } from './attestation/rule-failures';
import { AUTHORIZE_PATH, type Authorize, createAuthorize } from './authorize/authorize';
import { RelyingPartyView } from './authorize/relying-party-view';
import { CaseExporter } from './case-exporter';
import { withDeadline } from './deadline';
import { describeError } from './describe-error';
import { EventsNotifier } from './events-notifier';
import { createDispatcher } from './http/router';
import { listen } from './http/server';
import { GoogleDecoder, type GoogleEndpoints } from './integrity/google-decoder';
import { PlayRing } from './integrity/play-ring';
import { KeyKeeper } from './key-keeper';
import { logFailures } from './log-failures';
import { createMetrics, type ServiceMetrics } from './metrics';
import { NodeReporter } from './node';
import { oneAtATime } from './one-at-a-time';
import { createOpsListener, type Readiness } from './ops';
import { pinFailureRoute } from './pin-failures';
import { RevocationMemory } from './revocation-memory';
import { RevocationFeed } from './revocations';
import { revocationsRoute } from './revocations-route';
import { createRoutes } from './routes';
import { Signer } from './signing';
import { SnapshotFollower } from './snapshot/follow';
import { unsupportedPolicies } from './snapshot/state';
import { openVault, type Vault } from './vault';

/** Settings of one node. */
export interface ServiceOptions {
  /** Connection of the service's role. */
  databaseUrl: string;
  /** 32 bytes. */
  masterKey: Buffer;
  host: string;
  /** 0 for any free port. */
  port: number;
  /** Port of `/metrics`, 0 for any free one; `null` where someone else serves it. */
  opsPort: number | null;
  /** `iss` of tokens: the origin under which the service is reached. */
  issuer: string;
  /** Name of this node: its shard of the rollups, its row among the nodes. Unique among the running ones. */
  nodeId: string;
  /** Version of this build. */
  build: string;
  /** Addresses or CIDR ranges whose `X-Forwarded-For` is believed. */
  trustedProxies: readonly string[];
  /** Where Google decodes Play Integrity tokens. */
  google: GoogleEndpoints;
  /** What is known of addresses; absent: nothing but which are private. */
  networks?: Networks;
  logger: Logger;
  registry: Registry;
}

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
const FLUSH_MS = 1_000;
const POOL_SIZE = 6;
const STATEMENT_TIMEOUT_MS = 2_000;
const SILENT_TOO_LONG_MS = 5_000;

/** The service's secrets, and at least one signing key; both are made on the first start. */
export async function openServiceVault(db: Database, masterKey: Buffer): Promise<Vault> {
  const vault = await openVault(db, masterKey);
  await ensureSigningKey(db, vault.publicJwk);
  return vault;
}

/** The parts of a node that live as long as it does. */
interface Node {
  readonly db: Database;
  readonly clock: DatabaseClock;
  readonly vault: Vault;
  readonly follower: SnapshotFollower;
  readonly reporter: NodeReporter;
  readonly signer: Signer;
  readonly keeper: KeyKeeper;
  readonly revocations: RevocationFeed;
  readonly keyRing: KeyRing;
  readonly playRing: PlayRing;
  readonly exporter: CaseExporter;
  readonly acknowledgements: Acknowledgements;
}

async function startNode(options: ServiceOptions, db: Database): Promise<Node> {
  const { logger, nodeId, build, issuer } = options;
  const clock = new DatabaseClock();
  const vault = await openServiceVault(db, options.masterKey);
  const keys = await openSigningKeys(db.orm, vault.privateKey);
  const follower = await SnapshotFollower.load({ db, clock, logger });
  const reporter = new NodeReporter({
    db,
    clock,
    logger,
    describe: () => ({
      id: nodeId,
      version: build,
      epoch: follower.snapshot.epoch,
      appliedSeq: follower.snapshot.seq,
      clockSkewMs: clock.skewMs(),
      unsupportedPolicies: unsupportedPolicies(follower.snapshot),
    }),
  });
  const signer = new Signer({ db, vault, clock, issuer, logger, snapshot: () => follower.snapshot, keys });
  const keyRing = await KeyRing.open({ db, vaultPrivateKey: vault.privateKey, logger });
  const playRing = new PlayRing({
    db,
    logger,
    vaultKey: vault.privateKey,
    apps: () => follower.snapshot.apps.values(),
  });
  await playRing.open();
  await reporter.start();
  const revocations = new RevocationFeed(() => follower.snapshot);
  const acknowledgements = new Acknowledgements(db, logger);
  const memory = new RevocationMemory(db, logger);
  const keeper = new KeyKeeper(db, vault.publicJwk, logger);
  await follower.follow(
    (seq, topics) => {
      reporter.enforced(seq);
      if (topics === 'reload' || [...topics].some((topic) => REVOKING_TOPICS.has(topic)))
        revocations.changed();
      if (topics === 'reload' || topics.has('api_key')) keyRing.refresh();
      if (topics === 'reload' || topics.has('app')) playRing.refresh();
      if (topics !== 'reload' && !topics.has('signing_key')) return;
      signer.refresh();
      keeper.wake();
    },
    (forgotten) => memory.restore(forgotten),
  );
  await keeper.start();
  acknowledgements.start();
  const exporter = new CaseExporter(db, vault.archiveKey, logger);
  await exporter.start();
  return {
    ...{ db, clock, vault, follower, reporter, signer, keeper, revocations, keyRing, playRing, exporter },
    acknowledgements,
  };
}

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
      isDraining = true;
      node.revocations.end();
      await Promise.all([server.close(DRAIN_MS), ops?.close(0)]);
      clearInterval(flusher);
      commits.stop();
      // Where the database is away, these would wait for it. A flush that runs may have begun before the last decisions.
      const parting = [
        flush().then(flush),
        notifier.stop(),
        node.acknowledgements.stop(),
        node.keeper.stop(),
        node.exporter.stop(),
        node.reporter.stop(),
        node.follower.stop(),
      ];
      await Promise.allSettled(parting.map((step) => withDeadline(step, PARTING_MS)));
      await node.db.close();
    },
  };
}

/** Everything between the socket and the parts of the node. */
function createListener(
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

function readinessOf({ follower, reporter, signer }: Node, isDraining: boolean): ReturnType<Readiness> {
  const reasons: string[] = [];
  if (isDraining) reasons.push('The node is shutting down.');
  if (reporter.silentMs > SILENT_TOO_LONG_MS) reasons.push('The database has not taken a commit for 5 s.');
  if (follower.ageMs > STALE_AFTER_MS) reasons.push('The view of the change feed is older than 60 s.');
  if (signer.signingKey() === undefined) reasons.push('There is no active signing key.');
  return { isReady: reasons.length === 0, snapshotAgeMs: follower.ageMs, reasons };
}
