import { type AppChange, type AppConfig, appConfigSchema, type SigningKeyState } from '@/lib/contracts';
import { AppError, type Logger, sha256, toBase64Url } from '@/lib/core';
import type { Database, DatabaseClock } from '@/lib/db';
import { openSigningKeys } from '@/lib/signing-keys';
import { type SigningKey, signConfig } from '@/lib/tokens/signing';
import type { SignedConfig } from './attestation/context';
import { describeError } from './describe-error';
import type { AppEntry, Snapshot } from './snapshot/state';
import type { Vault } from './vault';

const RETRY_MS = 2_000;

/** The private keys of this node, and what is signed with them besides tokens. */
export class Signer {
  readonly #db: Database;
  readonly #vault: Vault;
  readonly #clock: DatabaseClock;
  readonly #issuer: string;
  readonly #logger: Logger;
  readonly #snapshot: () => Snapshot;
  #keys: readonly SigningKey[];
  #isDue = false;
  #isOpening = false;
  #configs = new Map<string, SignedConfig & { readonly kid: string; readonly source: AppChange }>();

  constructor(options: {
    db: Database;
    vault: Vault;
    clock: DatabaseClock;
    issuer: string;
    logger: Logger;
    snapshot: () => Snapshot;
    keys: readonly SigningKey[];
  }) {
    this.#db = options.db;
    this.#vault = options.vault;
    this.#clock = options.clock;
    this.#issuer = options.issuer;
    this.#logger = options.logger;
    this.#snapshot = options.snapshot;
    this.#keys = options.keys;
  }

  /**
   * The key that the snapshot says is active; where there is none, because it was revoked, the one that was published to
   * take over; `undefined` where there is neither.
   */
  signingKey(): SigningKey | undefined {
    const known = this.#snapshot().keys;
    const inState = (state: SigningKeyState) =>
      this.#keys.find(({ kid }) => known.get(kid)?.snapshot.state === state);
    return inState('active') ?? inState('staged');
  }

  /**
   * Opens what was created or rotated since: one reading at a time, so that the newest counts, and again later where it
   * failed, because nothing else would ever ask for it. A key that does not open is not signed with.
   */
  refresh(): void {
    this.#isDue = true;
    if (this.#isOpening) return;
    this.#isOpening = true;
    this.#openDue().finally(() => {
      this.#isOpening = false;
    });
  }

  async #openDue(): Promise<void> {
    while (this.#isDue) {
      this.#isDue = false;
      try {
        this.#keys = await openSigningKeys(this.#db.orm, this.#vault.privateKey);
      } catch (error) {
        this.#logger.error({ error: describeError(error) }, 'signing keys cannot be opened');
        setTimeout(() => this.refresh(), RETRY_MS).unref();
      }
    }
  }

  /**
   * The app's configuration, signed once per key and state of the app: a backup may bring another one back under the
   * same version. @throws AppError `service_unavailable`
   */
  signedConfig({ app }: AppEntry): SignedConfig {
    const key = this.signingKey();
    if (key === undefined) throw new AppError('service_unavailable');
    const known = this.#configs.get(app.id);
    if (known !== undefined && known.kid === key.kid && known.source === app) return known;
    const config = configOf(app);
    const nowMs = this.#clock.nowMs();
    const jws = signConfig(key, { issuer: this.#issuer, appId: app.id, config, nowMs });
    // The same on every node, although each signs for itself: ECDSA signatures differ, the content does not.
    const etag = `"${toBase64Url(sha256(JSON.stringify([app.id, key.kid, config])).subarray(0, 16))}"`;
    const signed = { jws, etag, config, kid: key.kid, source: app };
    this.#configs.set(app.id, signed);
    return signed;
  }
}

/** What an app is told: its pins and protected origins, as its owner has published them. */
function configOf({ configVersion, config }: Pick<AppChange, 'configVersion' | 'config'>): AppConfig {
  return appConfigSchema.parse({ version: configVersion, ...config, parameters: {} });
}
