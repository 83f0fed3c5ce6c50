import { REVOKING_TOPICS } from '@/lib/contracts';
import { type Database, DatabaseClock } from '@/lib/db';
import { STALE_AFTER_MS } from '@/lib/relying-party';
import { ensureSigningKey, openSigningKeys } from '@/lib/signing-keys';
import { Acknowledgements } from './acknowledgements';
import { KeyRing } from './api-keys/key-ring';
import { CaseExporter } from './case-exporter';
import { PlayRing } from './integrity/play-ring';
import { KeyKeeper } from './key-keeper';
import { NodeReporter } from './node';
import type { Readiness } from './ops';
import { RevocationMemory } from './revocation-memory';
import { RevocationFeed } from './revocations';
import type { ServiceOptions } from './service-options';
import { Signer } from './signing';
import { SnapshotFollower } from './snapshot/follow';
import { unsupportedPolicies } from './snapshot/state';
import { openVault, type Vault } from './vault';

const SILENT_TOO_LONG_MS = 5_000;

/** The service's secrets, and at least one signing key; both are made on the first start. */
export async function openServiceVault(db: Database, masterKey: Buffer): Promise<Vault> {
  const vault = await openVault(db, masterKey);
  await ensureSigningKey(db, vault.publicJwk);
  return vault;
}

/** The parts of a node that live as long as it does. */
export interface Node {
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

/** Opens the vault and the keys, loads the snapshot and follows it: everything but what serves. */
export async function startNode(options: ServiceOptions, db: Database): Promise<Node> {
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

/** Whether a node may be asked, and what is wrong with it where not. */
export function readinessOf(
  { follower, reporter, signer }: Node,
  isDraining: boolean,
): ReturnType<Readiness> {
  const reasons: string[] = [];
  if (isDraining) reasons.push('The node is shutting down.');
  if (reporter.silentMs > SILENT_TOO_LONG_MS) reasons.push('The database has not taken a commit for 5 s.');
  if (follower.ageMs > STALE_AFTER_MS) reasons.push('The view of the change feed is older than 60 s.');
  if (signer.signingKey() === undefined) reasons.push('There is no active signing key.');
  return { isReady: reasons.length === 0, snapshotAgeMs: follower.ageMs, reasons };
}
