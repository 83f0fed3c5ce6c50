import { z } from 'zod';
import {
  attestationResponseSchema,
  attestRequestSchema,
  challengeRequestSchema,
  challengeResponseSchema,
  enrolRequestSchema,
  MAX_BODY_BYTES,
  pinFailureAnswerSchema,
  pinFailureReportSchema,
  problemSchema,
  revocationsSchema,
} from '@/lib/contracts';
import type { ErrorCode } from '@/lib/core';
import { ERROR_CATALOGUE } from '@/lib/core';

const SCHEMAS = {
  ChallengeRequest: challengeRequestSchema,
  Challenge: challengeResponseSchema,
  EnrolRequest: enrolRequestSchema,
  AttestRequest: attestRequestSchema,
  AttestationResult: attestationResponseSchema,
  Revocations: revocationsSchema,
  PinFailureReport: pinFailureReportSchema,
  PinFailure: pinFailureAnswerSchema,
  Problem: problemSchema,
} as const;
type SchemaName = keyof typeof SCHEMAS;

const READING: readonly ErrorCode[] = [
  'request_malformed',
  'request_invalid',
  'request_too_large',
  'request_timeout',
  'media_type_unsupported',
  'content_encoding_unsupported',
  'app_not_found',
];
const ATTESTING: readonly ErrorCode[] = [
  ...READING,
  'challenge_invalid',
  'attestation_rejected',
  'device_blocked',
  'service_unavailable',
  'snapshot_stale',
];
const REPORTING: readonly ErrorCode[] = [
  'token_missing',
  'token_malformed',
  'token_bad_signature',
  'token_expired',
  'token_revoked',
  'device_blocked',
  'origin_not_found',
  'rate_limited',
  'service_unavailable',
];
const FOLLOWING: readonly ErrorCode[] = ['request_invalid', 'relying_party_unknown', 'snapshot_stale'];
const AUTHORIZING: readonly ErrorCode[] = [
  'token_missing',
  'token_malformed',
  'token_bad_signature',
  'token_expired',
  'token_wrong_audience',
  'token_revoked',
  'token_binding_mismatch',
  'api_key_missing',
  'api_key_wrong',
  'api_key_revoked',
  'device_blocked',
  'api_not_found',
];

const reference = (name: SchemaName) => ({ $ref: `#/components/schemas/${name}` });
const body = (name: SchemaName) => ({
  required: true,
  description: `At most ${MAX_BODY_BYTES} bytes, no Content-Encoding, no duplicate members.`,
  content: { 'application/json': { schema: reference(name) } },
});
const answer = (description: string, name: SchemaName) => ({
  description,
  content: { 'application/json': { schema: reference(name) } },
});
const text = (description: string, mediaType: string) => ({
  description,
  content: { [mediaType]: { schema: { type: 'string' } } },
});

/** One problem response per status, naming the codes that it may carry. */
function problems(codes: readonly ErrorCode[]): Record<string, unknown> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { status } = ERROR_CATALOGUE[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    Array.from(byStatus, ([status, found]) => [
      String(status),
      {
        description: found.map((code) => `\`${code}\`: ${ERROR_CATALOGUE[code].title}`).join(' '),
        content: { 'application/problem+json': { schema: reference('Problem') } },
      },
    ]),
  );
}

const APP_ID = [{ name: 'appId', in: 'path', required: true, schema: { type: 'string' } }];

const PATHS = {
  '/v1/challenges': {
    post: {
      summary: 'Ask for a challenge',
      operationId: 'createChallenge',
      requestBody: body('ChallengeRequest'),
      responses: { 201: answer('A challenge, good for one use.', 'Challenge'), ...problems(READING) },
    },
  },
  '/v1/instances': {
    post: {
      summary: 'Enrol an instance with hardware evidence',
      operationId: 'enrolInstance',
      requestBody: body('EnrolRequest'),
      responses: { 201: answer('Accepted.', 'AttestationResult'), ...problems(ATTESTING) },
    },
  },
  '/v1/attestations': {
    post: {
      summary: 'Attest with an enrolled key',
      operationId: 'attest',
      requestBody: body('AttestRequest'),
      responses: {
        200: answer('Accepted.', 'AttestationResult'),
        ...problems([...ATTESTING, 'instance_not_found']),
      },
    },
  },
  '/v1/pin-failures': {
    post: {
      summary: 'Report that a certificate matched no pin, with the token in Attestation-Token',
      operationId: 'reportPinFailure',
      requestBody: body('PinFailureReport'),
      responses: {
        202: answer('What the failure was taken for.', 'PinFailure'),
        ...problems([...READING, ...REPORTING]),
      },
    },
  },
  '/v1/apps/{appId}/config': {
    get: {
      summary: "Fetch the app's signed configuration",
      operationId: 'getConfig',
      parameters: APP_ID,
      responses: {
        200: text('A compact JWS of type countersign-config+jwt.', 'application/jose'),
        304: { description: 'Unchanged since the given entity tag.' },
        ...problems(['app_not_found']),
      },
    },
  },
  '/v1/apps/{appId}/jwks.json': {
    get: {
      summary: 'Fetch the keys that verify tokens',
      operationId: 'getAppKeys',
      parameters: APP_ID,
      responses: {
        200: text('A JWK Set (RFC 7517).', 'application/jwk-set+json'),
        ...problems(['app_not_found']),
      },
    },
  },
  '/.well-known/jwks.json': {
    get: {
      summary: 'Fetch the keys that verify tokens',
      operationId: 'getKeys',
      responses: { 200: text('A JWK Set (RFC 7517).', 'application/jwk-set+json') },
    },
  },
  '/v1/revocations': {
    get: {
      summary: 'Fetch what relying parties that verify locally must refuse, and wait for news of it',
      operationId: 'getRevocations',
      parameters: [
        { name: 'epoch', in: 'query', schema: { type: 'string', format: 'uuid' } },
        { name: 'after', in: 'query', schema: { type: 'integer' } },
        { name: 'waitSeconds', in: 'query', schema: { type: 'integer', minimum: 0, maximum: 25 } },
        {
          name: 'replica',
          in: 'query',
          description: 'Name of this process, where several share a credential.',
          schema: { type: 'string', pattern: '^[A-Za-z0-9._-]{1,64}$', default: 'main' },
        },
        {
          name: 'Authorization',
          in: 'header',
          description: 'Bearer credential of a relying party: acknowledges everything up to `after`.',
          schema: { type: 'string' },
        },
      ],
      responses: {
        200: answer('The whole list; its epoch and seq say where it stands.', 'Revocations'),
        204: { description: 'There was nothing after the given position until the time was over.' },
        ...problems(FOLLOWING),
      },
    },
  },
  '/v1/authorize': {
    get: {
      summary: "Decide one of a gateway's requests (any method)",
      operationId: 'authorize',
      parameters: [
        { name: 'api', in: 'query', schema: { type: 'string' } },
        { name: 'X-Countersign-Api', in: 'header', schema: { type: 'string' } },
        { name: 'Attestation-Token', in: 'header', schema: { type: 'string' } },
      ],
      responses: {
        200: { description: 'Let it through; X-Attestation-Status and X-Attestation-Instance say for whom.' },
        ...problems(AUTHORIZING),
      },
    },
  },
} as const;

/** The OpenAPI 3.1 description of the service, generated from the contracts that it parses with. */
export function openApiDocument({ issuer, build }: { issuer: string; build: string }): object {
  const schemas = Object.fromEntries(
    Object.entries(SCHEMAS).map(([name, schema]) => {
      const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' });
      return [name, rest];
    }),
  );
  return {
    openapi: '3.1.0',
    info: { title: 'Countersign attestation service', version: build, license: { name: 'Apache-2.0' } },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    servers: [{ url: issuer }],
    paths: PATHS,
    components: { schemas },
  };
}
