import type { z } from 'zod';
import {
  attestationResponseSchema,
  challengeResponseSchema,
  pinFailureAnswerSchema,
  problemSchema,
} from '@/lib/contracts';

const TIMEOUT_MS = 10_000;

/** What the attestation service answered: its body where it said yes, its code where it said no. */
export type Answer<T> = { ok: true; body: T } | { ok: false; status: number; code: string };

/** The service cannot be reached, or cannot commit: to be tried again later. */
export class ServiceAwayError extends Error {
  constructor(cause?: unknown) {
    super('The attestation service is away.', { cause });
    this.name = 'ServiceAwayError';
  }
}

/** The attestation service as simulated clients reach it: over HTTP, each from an address of its own. */
export class ServiceClient {
  readonly #baseUrl: string;
  readonly #stop: AbortSignal;

  constructor(baseUrl: string, stop: AbortSignal) {
    this.#baseUrl = baseUrl;
    this.#stop = stop;
  }

  async challenge(appId: string, address: string): Promise<Answer<string>> {
    const answer = await this.#post('/v1/challenges', { appId }, address, challengeResponseSchema);
    return answer.ok ? { ok: true, body: answer.body.challenge } : answer;
  }

  enrol(body: unknown, address: string) {
    return this.#post('/v1/instances', body, address, attestationResponseSchema);
  }

  attest(body: unknown, address: string) {
    return this.#post('/v1/attestations', body, address, attestationResponseSchema);
  }

  /** Tells of a server that the pins refused, with the chain that it showed. */
  reportPinFailure(token: string, body: { host: string; chain: readonly string[] }, address: string) {
    return this.#post('/v1/pin-failures', body, address, pinFailureAnswerSchema, {
      'Attestation-Token': token,
    });
  }

  /** What a gateway in front of `apiId` is told about a request with these headers. */
  async authorize(
    apiId: string,
    headers: Readonly<Record<string, string>>,
    address: string,
  ): Promise<boolean> {
    const response = await this.#fetch(`/v1/authorize?api=${encodeURIComponent(apiId)}`, {
      headers: {
        ...headers,
        'X-Forwarded-For': address,
        'X-Forwarded-Method': 'POST',
        'X-Forwarded-Uri': '/',
      },
    });
    await response.body?.cancel();
    return response.status === 200;
  }

  async #post<T>(
    path: string,
    body: unknown,
    address: string,
    schema: z.ZodType<T>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer<T>> {
    const response = await this.#fetch(path, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json', 'X-Forwarded-For': address },
      body: JSON.stringify(body),
    });
    const json: unknown = await response.json().catch(() => undefined);
    if (response.status >= 500) throw new ServiceAwayError();
    if (response.ok) return { ok: true, body: schema.parse(json) };
    const problem = problemSchema.safeParse(json);
    return { ok: false, status: response.status, code: problem.success ? problem.data.code : 'unknown' };
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    try {
      const signal = AbortSignal.any([this.#stop, AbortSignal.timeout(TIMEOUT_MS)]);
      return await fetch(`${this.#baseUrl}${path}`, { ...init, signal });
    } catch (error) {
      throw new ServiceAwayError(error);
    }
  }
}
