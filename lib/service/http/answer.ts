import { type AppError, ERROR_CATALOGUE, type ErrorCode } from '@/lib/core';

/** A response that is ready to be written: header names and values alternate. */
export interface Answer {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: string;
}

/** A JSON answer. Attestation results are for nobody's cache. */
export function json(status: number, value: unknown, headers: readonly string[] = NO_STORE): Answer {
  return { status, headers: ['Content-Type', 'application/json', ...headers], body: JSON.stringify(value) };
}

export const NO_STORE: readonly string[] = ['Cache-Control', 'no-store'];

/** Members of a problem besides the ones that its code implies. */
export interface ProblemExtras {
  detail?: string | undefined;
  fields?: Readonly<Record<string, string>> | undefined;
  reference?: string | undefined;
  requestId?: string | undefined;
}

/** RFC 9457 problem details for a code of the catalogue. */
export function problem(
  code: ErrorCode,
  extras: ProblemExtras = {},
  headers: readonly string[] = [],
): Answer {
  const { status, title } = ERROR_CATALOGUE[code];
  return {
    status,
    headers: ['Content-Type', 'application/problem+json', ...NO_STORE, ...headers],
    body: JSON.stringify({ type: 'about:blank', title, status, code, ...extras }),
  };
}

const RETRY_AFTER_SECONDS = '1';

/** The answer to an error that was thrown on purpose. */
export function problemOf(error: AppError): Answer {
  const headers = error.status === 503 ? ['Retry-After', RETRY_AFTER_SECONDS] : [];
  return problem(error.code, { detail: error.detail, fields: error.fields }, headers);
}
