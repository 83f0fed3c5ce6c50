import type { AttestationResponse, Problem } from '@/lib/contracts';
import { sha256, toBase64Url } from '@/lib/core';
import { createDeviceKey, type DeviceKey, type TestCa } from '@/lib/evidence/testing';
import { TEST_APP } from './service';

/** An answer of the service, parsed. */
export interface PhoneAnswer {
  status: number;
  body: Partial<Omit<AttestationResponse, 'status'> & Omit<Problem, 'status'>> & { status?: string | number };
}

/** Members of the client data that a test sets. */
export type ClientDataChanges = Record<string, unknown>;

/** A simulated phone: it holds a key and speaks the protocol over HTTP. */
export class Phone {
  readonly key: DeviceKey = createDeviceKey();
  readonly #ca: TestCa;
  readonly platform: 'ios' | 'android';
  counter = 0;
  instanceId = '';

  constructor(ca: TestCa, platform: 'ios' | 'android') {
    this.#ca = ca;
    this.platform = platform;
  }

  /** A fresh challenge. */
  async challenge(url: string, appId: string = TEST_APP.id): Promise<string> {
    const answer = await post(`${url}/v1/challenges`, { appId });
    return String((answer.body as { challenge?: string }).challenge);
  }

  /** Client data for a challenge, as bytes. */
  clientData(challenge: string, changes: ClientDataChanges = {}): Buffer {
    return Buffer.from(
      JSON.stringify({
        challenge,
        appId: TEST_APP.id,
        platform: this.platform,
        appVersion: TEST_APP.appVersion,
        osVersion: '26.5',
        model: this.platform === 'ios' ? 'iPhone18,1' : 'Pixel 10',
        sdkVersion: '1.0.0',
        configVersion: 0,
        signals: { hooks: false, screenshot: true },
        ...changes,
      }),
    );
  }

  /** Evidence over client data, as the platform makes it. */
  evidence(clientData: Uint8Array) {
    const common = { key: this.key, nowMs: Date.now() };
    return this.platform === 'ios'
      ? this.#ca.appAttest.attest({
          ...common,
          teamId: TEST_APP.teamId,
          bundleId: TEST_APP.bundleId,
          environment: 'production',
          clientDataHash: sha256(clientData),
        })
      : this.#ca.android.attest({
          ...common,
          challenge: sha256(clientData),
          packages: [{ name: TEST_APP.packageName, versionCode: 540 }],
          signerDigests: [TEST_APP.signerDigest],
        });
  }

  /** An assertion over client data; App Attest's counter rises unless one is given. */
  assertion(clientData: Uint8Array, counter?: number): string {
    if (this.platform === 'android') {
      return toBase64Url(this.#ca.android.assert({ key: this.key, clientData }));
    }
    this.counter = counter ?? this.counter + 1;
    const appId = `${TEST_APP.teamId}.${TEST_APP.bundleId}`;
    return toBase64Url(
      this.#ca.appAttest.assert({ key: this.key, counter: this.counter, appId, clientData }),
    );
  }

  /** The body of an enrolment. */
  async enrolment(url: string, changes: ClientDataChanges = {}) {
    const clientData = this.clientData(await this.challenge(url), changes);
    return { clientData: toBase64Url(clientData), evidence: this.evidence(clientData) };
  }

  /** Enrols, and remembers the instance. */
  async enrol(url: string, changes: ClientDataChanges = {}): Promise<PhoneAnswer> {
    const answer = await post(`${url}/v1/instances`, await this.enrolment(url, changes));
    this.instanceId = answer.body.instanceId ?? this.instanceId;
    return answer;
  }

  /** The body of an attestation. */
  async attestation(url: string, changes: ClientDataChanges = {}, counter?: number) {
    const clientData = this.clientData(await this.challenge(url), changes);
    return {
      instanceId: this.instanceId,
      clientData: toBase64Url(clientData),
      assertion: this.assertion(clientData, counter),
    };
  }

  /** Attests with the enrolled key. */
  async attest(url: string, changes: ClientDataChanges = {}, counter?: number): Promise<PhoneAnswer> {
    return await post(`${url}/v1/attestations`, await this.attestation(url, changes, counter));
  }
}

/** Posts JSON and reads the answer. */
export async function post(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<PhoneAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as PhoneAnswer['body'] };
}
