import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Problem } from '@/lib/contracts';
import { AppError, describeError, ERROR_CATALOGUE, type Logger } from '@/lib/core';

/**
 * Codes of the system, the driver and Postgres that mean that the database cannot answer or commit now: it cannot be
 * reached, ends the connection, is starting or ending, has too many connections, no memory or no disk left, took too
 * long, or may only be read because another one has become the primary.
 */
const UNAVAILABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  '25006',
  '53100',
  '53200',
  '53300',
  '57014',
  '57P01',
  '57P02',
  '57P03',
  // A replica gave up a statement that held up its replay.
  '40001',
]);

/**
 * Whatever was thrown, as problem details (RFC 9457). Only an `AppError` and a refused input tell what went wrong; the
 * rest is logged under the request id, which is all that the caller learns.
 */
export function problemResponse(error: unknown, logger: Logger, requestId: string = randomUUID()): Response {
  const known = toAppError(error);
  if (known.code === 'internal_error' || known.code === 'service_unavailable') {
    logger.error({ requestId, error: describeError(error) }, 'request failed');
  }
  const problem: Problem = {
    type: `urn:countersign:problem:${known.code}`,
    title: ERROR_CATALOGUE[known.code].title,
    status: known.status,
    code: known.code,
    requestId,
    ...(known.detail === undefined ? {} : { detail: known.detail }),
    ...(known.fields === undefined ? {} : { fields: { ...known.fields } }),
  };
  return new Response(JSON.stringify(problem), {
    status: known.status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'x-request-id': requestId,
    },
  });
}

/** What is wrong with an input, by the path of the field. */
export function fieldsOf(error: z.ZodError): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const issue of error.issues) {
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys : [];
    for (const key of unknown) fields[[...issue.path, key].map(String).join('.')] ??= 'is not known here';
    if (unknown.length === 0) fields[issue.path.map(String).join('.')] ??= issue.message;
  }
  return fields;
}

function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError(isUnavailable(error) ? 'service_unavailable' : 'internal_error');
}

/** Whether the database is the reason, however deep the driver's error is wrapped. */
export function isUnavailable(error: unknown): boolean {
  const seen = z.object({ code: z.string().optional(), cause: z.unknown().optional() }).safeParse(error);
  if (!seen.success) return false;
  const { code, cause } = seen.data;
  if (code !== undefined && UNAVAILABLE.has(code)) return true;
  return cause !== undefined && cause !== error && isUnavailable(cause);
}
