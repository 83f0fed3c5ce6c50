import type { Problem } from '@/lib/contracts';

/** A refusal or failure of the console's API, as problem details (RFC 9457) describe it. */
export class ApiError extends Error {
  /** HTTP status; 0 where no answer came. */
  readonly status: number;
  /** Stable code: one of the error catalogue, or `network_unreachable`, or `answer_malformed`. */
  readonly code: string;
  readonly requestId: string | undefined;
  /** What is wrong with the input, by the path of the field. */
  readonly fields: Readonly<Record<string, string>>;

  constructor(init: {
    status: number;
    code: string;
    message: string;
    requestId?: string | undefined;
    fields?: Readonly<Record<string, string>> | undefined;
  }) {
    super(init.message);
    this.name = 'ApiError';
    this.status = init.status;
    this.code = init.code;
    this.requestId = init.requestId;
    this.fields = init.fields ?? {};
  }

  /** Whether the same request may succeed a moment later. */
  get retryable(): boolean {
    return this.status === 0 || this.status === 429 || this.status === 502 || this.status === 503;
  }
}

/** Whatever was thrown, as something that an error state can show. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const message = error instanceof Error ? error.message : 'Something went wrong in this page.';
  return new ApiError({ status: 0, code: 'page_failed', message });
}

/** What failed, unless it is about one of these fields, which say so themselves. */
export function problemBeside(error: ApiError | undefined, fields: readonly string[]): string | undefined {
  if (error === undefined || fields.some((path) => error.fields[path] !== undefined)) return undefined;
  return error.message;
}

const REQUEST_ID_HEADER = 'x-request-id';

/** Reads a failed answer: problem details where it has them, else what its status says. */
export async function readProblem(response: Response): Promise<ApiError> {
  const problem = asProblem(await response.json().catch(() => undefined));
  return new ApiError({
    status: response.status,
    code: problem.code ?? 'answer_malformed',
    message: problem.detail ?? problem.title ?? `The server answered ${response.status}.`,
    requestId: problem.requestId ?? response.headers.get(REQUEST_ID_HEADER) ?? undefined,
    fields: problem.fields,
  });
}

/** The members of problem details that are there and of the right type; proxies answer in other shapes. */
function asProblem(body: unknown): Partial<Problem> {
  if (typeof body !== 'object' || body === null) return {};
  const texts = ['code', 'title', 'detail', 'requestId'] as const;
  const problem: Partial<Problem> = {};
  const given = body as Record<string, unknown>;
  for (const name of texts) {
    const value = given[name];
    if (typeof value === 'string') problem[name] = value;
  }
  if (typeof given.fields === 'object' && given.fields !== null) {
    problem.fields = Object.fromEntries(
      Object.entries(given.fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  }
  return problem;
}
