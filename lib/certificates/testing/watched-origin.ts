import { seedApp } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { actorWith } from '@/lib/auth/testing/actors';
import { readChanges, readFeedPosition } from '@/lib/changes';
import { type AppSnapshot, appSnapshotSchema, type Pin, type PinPublication } from '@/lib/contracts';
import { systemClock } from '@/lib/core';
import { createAddressGuard } from '@/lib/outbound';
import { probeDueOrigins, publishPins, registerOrigin } from '../index';
import { createTlsCa, type IssuedCertificate, startTlsServer, type TestTlsServer } from './tls-ca';

/** The CA of every certificate of these tests. */
export const ca = createTlsCa(Date.now());
/** Lets probes reach the test's own servers. */
export const guard = createAddressGuard(['127.0.0.0/8', '::1']);
/** A new certificate for `localhost`, with a key of its own. */
export const leaf = (changes: { notAfterMs?: number } = {}) => ca.issue({ host: 'localhost', ...changes });
/** A certificate's key as a pin. */
export const pin = (certificate: Pick<IssuedCertificate, 'pin'>, label = ''): Pin => ({
  spkiSha256: certificate.pin,
  label,
  source: 'certificate',
});
/** A publication of a first set, with what a test changes about it. */
export const publication = (changes: Partial<PinPublication>): PinPublication => ({
  basedOn: null,
  pins: [],
  reportOnly: false,
  reason: 'first pins',
  override: false,
  ...changes,
});

/** A database with apps that have origins, and real TLS servers behind them. */
export class WatchedOrigins {
  readonly db: TestDatabase;
  /** The app that was made last. */
  app = '';
  #apps = 0;
  #servers = new Set<TestTlsServer>();

  private constructor(db: TestDatabase) {
    this.db = db;
  }

  static async open(): Promise<WatchedOrigins> {
    return new WatchedOrigins(await createTestDatabase());
  }

  async close(): Promise<void> {
    await this.closeServers();
    await this.db.close();
  }

  async closeServers(): Promise<void> {
    await Promise.all([...this.#servers].map((server) => server.close()));
    this.#servers.clear();
  }

  /** What a verb is given. */
  as(actor = actorWith('responder')) {
    return { db: this.db.console, actor, clock: systemClock };
  }

  /** A new app with one origin, a TLS server behind it, and its first probe made. */
  async watched(certificate = leaf()) {
    this.#apps += 1;
    this.app = `bank-${this.#apps}`;
    await seedApp(this.db.owner, this.app);
    const server = await startTlsServer(certificate);
    this.#servers.add(server);
    const { originId } = await registerOrigin(this.as(), {
      appId: this.app,
      host: 'localhost',
      port: server.port,
      serverName: null,
      includeSubdomains: false,
    });
    await probeDueOrigins(this.db.service, guard);
    return { id: originId, server, certificate };
  }

  /** An origin with a good set in force: the served key and a backup. */
  async pinned() {
    const origin = await this.watched();
    const backup = leaf();
    const pins = [pin(origin.certificate, 'now'), pin(backup, 'spare')];
    const { version } = await publishPins(this.as(), { id: origin.id, ...publication({ pins }) });
    return { ...origin, backup, version };
  }

  /** The audit rows of an origin, oldest first. */
  async auditOf(
    id: string,
  ): Promise<{ action: string; actor_name: string; reason: string | null; change_seq: string | null }[]> {
    return await this.db.owner.sql`
      select action, actor_name, reason, change_seq from audit_log where target_id = ${id} order by id`;
  }

  /** What the newest change tells of its app. */
  async newestConfig(): Promise<AppSnapshot> {
    const { epoch, seq } = await readFeedPosition(this.db.console.orm);
    const page = await readChanges(this.db.console, epoch, seq - 1);
    if (!('changes' in page)) throw new Error('The feed has a gap.');
    return appSnapshotSchema.parse(page.changes.at(-1)?.payload);
  }
}
