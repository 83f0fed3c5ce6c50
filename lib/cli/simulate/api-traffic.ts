import { randomBytes } from 'node:crypto';
import { toBase64Url } from '@/lib/core';
import { DEMO_APPS } from '../demo-apps';
import type { AddressBook } from './networks';
import type { Random } from './random';
import type { ServiceClient } from './service-client';
import type { SimulatedDevice } from './simulated-device';

/** What a script without a genuine app presents. */
interface ScriptedAttempt {
  weight: number;
  headers(staleToken: string): Readonly<Record<string, string>>;
}

const ATTEMPTS: readonly [ScriptedAttempt, ...ScriptedAttempt[]] = [
  { weight: 6, headers: () => ({ Authorization: 'Bearer scraped' }) },
  { weight: 2, headers: (staleToken) => ({ 'Attestation-Token': forgedToken(staleToken) }) },
  { weight: 2, headers: (staleToken) => ({ 'Attestation-Token': staleToken }) },
  { weight: 1, headers: () => ({ 'Attestation-Token': 'undefined' }) },
];

/** Requests that a gateway asks about. Each answers whether it was let through. */
export class ApiTraffic {
  readonly #client: ServiceClient;
  readonly #random: Random;
  readonly #addresses: AddressBook;
  /** The first token seen, presented by scripts for long after it has expired. */
  #staleToken = '';

  constructor(client: ServiceClient, random: Random, addresses: AddressBook) {
    this.#client = client;
    this.#random = random;
    this.#addresses = addresses;
  }

  /** The app itself, with its token, its API key if it has one, and its user's access token. */
  asDevice({ app, stored, token, accessToken, apiKey }: SimulatedDevice): Promise<boolean> {
    this.#staleToken ||= token ?? '';
    const headers = { Authorization: `Bearer ${accessToken}`, 'Attestation-Token': token ?? '' };
    const key = apiKey === null ? {} : { 'X-Api-Key': apiKey };
    return this.#client.authorize(app.api.id, { ...headers, ...key }, stored.address);
  }

  /** A script: without a token, with a forged one, an old one, or garbage. */
  asScript(): Promise<boolean> {
    const app = this.#random.pick(DEMO_APPS);
    const headers = this.#random.weighted(ATTEMPTS).headers(this.#staleToken);
    return this.#client.authorize(app.api.id, headers, this.#addresses.script(this.#random));
  }

  /** A device's token in the hands of somebody else: from another network, for another user. */
  asThief({ app, token }: SimulatedDevice): Promise<boolean> {
    const headers = { Authorization: 'Bearer another-session', 'Attestation-Token': token ?? '' };
    return this.#client.authorize(app.api.id, headers, this.#addresses.script(this.#random));
  }
}

/** Evidence that is none, for an app that exists. */
export async function enrolAsScript(
  client: ServiceClient,
  random: Random,
  addresses: AddressBook,
): Promise<string> {
  const app = random.pick(DEMO_APPS);
  const address = addresses.script(random);
  const challenge = await client.challenge(app.id, address);
  if (!challenge.ok) return challenge.code;
  const clientData = JSON.stringify({
    challenge: challenge.body,
    appId: app.id,
    platform: 'android',
    appVersion: app.versions[0],
    osVersion: '14',
    model: 'unknown',
    sdkVersion: '0.0.0',
    configVersion: 0,
    signals: {},
  });
  const answer = await client.enrol(
    {
      clientData: toBase64Url(Buffer.from(clientData)),
      evidence: { format: 'android-key-attestation', certificateChain: [toBase64Url(randomBytes(300))] },
    },
    address,
  );
  if (answer.ok) return answer.body.status;
  return answer.code === 'attestation_rejected' ? 'rejected' : answer.code;
}

/** The token with a signature of nobody's. */
function forgedToken(token: string): string {
  return `${token.slice(0, token.lastIndexOf('.') + 1)}${toBase64Url(randomBytes(64))}`;
}
