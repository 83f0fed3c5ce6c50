import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type AttestationResponse, appConfigSchema, THREATS } from '@/lib/contracts';
import { sha256, toBase64Url } from '@/lib/core';
import {
  createDeviceKey,
  type DeviceKey,
  exportDeviceKey,
  importDeviceKey,
  type PlayIssuer,
  type TestCa,
} from '@/lib/evidence/testing';
import { attestedAppId, type DemoApp, demoApp } from '../demo-apps';
import type { StoredDevice } from './fleet-store';
import { FORGE } from './forge-evidence';
import { makeIntegrityToken } from './integrity-token';
import { findingsAt, type Scenario, scenario } from './scenarios';
import type { Answer, ServiceClient } from './service-client';

/** How every managed API key begins. */
const MANAGED_KEY = 'csk_';
const SDK_VERSION = '1.0.0';
const configEnvelopeSchema = z.object({ config: appConfigSchema });
/** Before any policy of the demo calls the evidence stale. */
const RENEW_EVIDENCE_MS = 6 * 86_400_000;
/** A verdict is asked for again after this time, and not with every attestation. */
const RENEW_VERDICT_MS = 600_000;

/** What a device was told: a verdict, `blocked`, or the code of a refusal. */
export type Outcome = string;

/** One phone of the fleet: it enrols, attests, and then calls its API. */
export class SimulatedDevice {
  readonly stored: StoredDevice;
  readonly scenario: Scenario;
  readonly app: DemoApp;
  /** The user's access token, to which its attestation tokens are bound. */
  readonly accessToken = randomBytes(18).toString('base64url');
  readonly #ca: TestCa;
  readonly #play: PlayIssuer;
  readonly #badReleaseAtMs: number;
  #key: DeviceKey | null;
  #token: string | null = null;
  /** API keys that it was given, by their id. */
  readonly #apiKeys = new Map<string, { version: number; value: string }>();

  constructor(
    stored: StoredDevice,
    { ca, play, badReleaseAtMs }: { ca: TestCa; play: PlayIssuer; badReleaseAtMs: number },
  ) {
    this.stored = stored;
    this.scenario = scenario(stored.scenario);
    this.app = demoApp(stored.appId);
    this.#ca = ca;
    this.#play = play;
    this.#badReleaseAtMs = badReleaseAtMs;
    this.#key = stored.key === null ? null : importDeviceKey(stored.key);
  }

  get token(): string | null {
    return this.#token;
  }

  /** What its calls present as API key: the managed one, which says by its beginning that it is one. */
  get apiKey(): string | null {
    return [...this.#apiKeys.values()].find(({ value }) => value.startsWith(MANAGED_KEY))?.value ?? null;
  }

  get isEnrolled(): boolean {
    return this.stored.instanceId !== null;
  }

  /** Obtains a token: by an assertion of the enrolled key, or by new hardware evidence. */
  async obtainToken(client: ServiceClient, nowMs: number): Promise<Outcome> {
    const challenge = await client.challenge(this.app.id, this.stored.address);
    if (!challenge.ok) return challenge.code;
    const clientData = this.#clientData(challenge.body, nowMs);
    const mustEnrol = !this.isEnrolled || nowMs - this.stored.enrolledAtMs > RENEW_EVIDENCE_MS;
    const answer = mustEnrol
      ? await this.#enrol(client, clientData, nowMs)
      : await this.#attest(client, clientData, nowMs);
    return this.#settle(answer);
  }

  async #enrol(client: ServiceClient, clientData: Buffer, nowMs: number) {
    const key = createDeviceKey();
    const { platform, appVersion, osVersion } = this.stored;
    const request = { ca: this.#ca, app: this.app, platform, appVersion, osVersion, key, clientData, nowMs };
    const evidence = FORGE[this.scenario.evidence](request);
    const integrityToken = this.#integrityToken(clientData, nowMs, 0);
    const answer = await client.enrol(
      { clientData: toBase64Url(clientData), evidence, integrityToken },
      this.stored.address,
    );
    if (answer.ok && this.scenario.neverSettles !== true) {
      this.#key = key;
      this.stored.key = exportDeviceKey(key);
      this.stored.counter = 0;
      this.stored.enrolledAtMs = nowMs;
      this.stored.instanceId = answer.body.instanceId;
    }
    return answer;
  }

  /** A verdict over the client data, where the last one is older than it may be; `undefined` where there is none. */
  #integrityToken(clientData: Buffer, nowMs: number, renewAfterMs: number): string | undefined {
    const { platform, appVersion, osVersion, integrityAtMs } = this.stored;
    if (!this.app.usesPlayIntegrity || platform !== 'android' || nowMs - integrityAtMs < renewAfterMs) {
      return undefined;
    }
    this.stored.integrityAtMs = nowMs;
    return makeIntegrityToken(this.#play, {
      ...{ app: this.app, appVersion, osVersion, clientData, nowMs },
      kind: this.scenario.hasLeakedKey === true ? 'leaked' : this.scenario.evidence,
      isSideLoaded: this.scenario.findings.includes('unofficial_store'),
    });
  }

  async #attest(client: ServiceClient, clientData: Buffer, nowMs: number) {
    const key = this.#key;
    if (key === null) throw new TypeError('an enrolled device has a key');
    this.stored.counter += 1;
    const assertion =
      this.stored.platform === 'ios' && this.scenario.evidence !== 'simulator'
        ? this.#ca.appAttest.assert({
            key,
            clientData,
            counter: this.stored.counter,
            appId: attestedAppId(this.app, 'ios'),
          })
        : this.#ca.android.assert({ key, clientData });
    return client.attest(
      {
        instanceId: this.stored.instanceId,
        clientData: toBase64Url(clientData),
        assertion: toBase64Url(assertion),
        integrityToken: this.#integrityToken(clientData, nowMs, RENEW_VERDICT_MS),
      },
      this.stored.address,
    );
  }

  #settle(answer: Answer<Pick<AttestationResponse, 'token' | 'status' | 'config' | 'apiKeys'>>): Outcome {
    this.#token = answer.ok ? answer.body.token : null;
    for (const { id, ...key } of answer.ok ? (answer.body.apiKeys ?? []) : []) this.#apiKeys.set(id, key);
    if (answer.ok) {
      if (answer.body.config !== undefined) this.#hold(answer.body.config);
      return answer.body.status;
    }
    // The service has lost us with its database: start over, as a reinstalled app does.
    if (answer.code === 'instance_not_found') this.stored.instanceId = null;
    return OUTCOME_OF_CODE[answer.code] ?? answer.code;
  }

  /** Keeps the newest configuration that it was sent. A real device verifies it; this one trusts its own demo. */
  #hold(jws: string): void {
    const claims: unknown = JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString());
    const { config } = configEnvelopeSchema.parse(claims);
    if (config.version < this.stored.configVersion) return;
    this.stored.configVersion = config.version;
    this.stored.pins = config.pins.map(({ host, spkiSha256 }) => ({ host, spkiSha256 }));
  }

  /** The pins that it holds for a host; none where it takes whatever it is shown. */
  pinsOf(host: string): readonly string[] {
    return this.stored.pins?.find((set) => set.host === host)?.spkiSha256 ?? [];
  }

  #clientData(challenge: string, nowMs: number): Buffer {
    const found = findingsAt(this.scenario, nowMs, this.#badReleaseAtMs);
    const { platform, appVersion, osVersion, model } = this.stored;
    const signals = Object.fromEntries(
      THREATS.filter(({ freerasp, platforms }) => freerasp !== null && platforms.includes(platform)).map(
        ({ id, freerasp }) => [freerasp ?? id, found.includes(id)],
      ),
    );
    return Buffer.from(
      JSON.stringify({
        challenge,
        appId: this.app.id,
        platform,
        appVersion,
        osVersion,
        model,
        sdkVersion: SDK_VERSION,
        configVersion: this.stored.configVersion,
        signals,
        bindingHash: toBase64Url(sha256(this.accessToken)),
        apiKeys: Object.fromEntries(Array.from(this.#apiKeys, ([id, { version }]) => [id, version])),
      }),
    );
  }
}

const OUTCOME_OF_CODE: Readonly<Record<string, Outcome>> = {
  attestation_rejected: 'rejected',
  device_blocked: 'blocked',
};
