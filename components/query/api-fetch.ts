import { ApiError, readProblem } from './api-error';
import { askForStepUp } from './step-up';

export interface ApiInit {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Sent as JSON. */
  body?: unknown;
  signal?: AbortSignal;
}

/** Parameters of a URL; `undefined` is left out, a list repeats its name. */
export type QueryParams = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/**
 * Calls the console's own API. `Output` is the route's `output` schema of `lib/contracts`, against which the server has
 * checked its answer: checking it again here would cost every page 30 KB of script. An act that asks for the password
 * again waits for it, and is repeated once.
 * @throws ApiError for every other outcome: a problem, an unreachable server, an answer that is not JSON.
 */
export async function apiFetch<Output>(path: string, init: ApiInit = {}): Promise<Output> {
  let response = await send(path, init);
  if (!response.ok) {
    const problem = await readProblem(response);
    const again = problem.code === 'step_up_required' && (await askForStepUp(problem.message));
    if (!again) throw problem;
    response = await send(path, init);
    if (!response.ok) throw await readProblem(response);
  }
  if (response.status === 204) return undefined as Output;
  try {
    return (await response.json()) as Output;
  } catch {
    throw new ApiError({
      status: response.status,
      code: 'answer_malformed',
      message: 'The answer was cut off or is not JSON.',
    });
  }
}

async function send(path: string, { method = 'GET', body, signal }: ApiInit): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  try {
    return await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new ApiError({
      status: 0,
      code: 'network_unreachable',
      message: 'The console cannot be reached. Check the connection.',
    });
  }
}

/** `path` with parameters: `withParams('/api/x', { app: ['a', 'b'] })` is `/api/x?app=a&app=b`. */
export function withParams(path: string, params: QueryParams): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, String(one));
  }
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}
