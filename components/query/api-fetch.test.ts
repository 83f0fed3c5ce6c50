import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError, toApiError } from './api-error';
import { apiFetch, withParams } from './api-fetch';

afterEach(() => vi.unstubAllGlobals());

function answer(body: string, init: ResponseInit) {
  const fetchMock = vi.fn(async (_input: string, _init?: RequestInit) => new Response(body, init));
  vi.stubGlobal('fetch', fetchMock);
  return fetchMock;
}

async function failure(promise: Promise<unknown>): Promise<ApiError> {
  const error = await promise.catch((thrown: unknown) => thrown);
  if (error instanceof ApiError) return error;
  throw new Error('The call did not fail with an ApiError.');
}

describe('apiFetch', () => {
  it('sends a body as JSON from the same origin and gives the answer back', async () => {
    const fetchMock = answer('{"id":"b1"}', { status: 201 });
    await expect(apiFetch('/api/console/blocks', { method: 'POST', body: { a: 1 } })).resolves.toEqual({
      id: 'b1',
    });
    expect(fetchMock.mock.calls[0]?.[1]).toMatchObject({
      method: 'POST',
      body: '{"a":1}',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json' },
    });
  });

  it('turns problem details into a coded error with the request id and the fields', async () => {
    const problem = {
      type: 'about:blank',
      title: 'Invalid',
      status: 422,
      code: 'request_invalid',
      detail: 'Say why.',
      requestId: 'req_1',
      fields: { reason: 'is too short', other: 3 },
    };
    answer(JSON.stringify(problem), { status: 422 });
    const error = await failure(apiFetch('/x'));
    expect(error).toMatchObject({
      status: 422,
      code: 'request_invalid',
      message: 'Say why.',
      requestId: 'req_1',
      fields: { reason: 'is too short' },
      retryable: false,
    });
  });

  it('names the status where a proxy answers with something else, and keeps its request id', async () => {
    answer('<h1>Bad gateway</h1>', { status: 502, headers: { 'x-request-id': 'edge-7' } });
    const error = await failure(apiFetch('/x'));
    expect(error).toMatchObject({
      code: 'answer_malformed',
      status: 502,
      requestId: 'edge-7',
      retryable: true,
    });
  });

  it('reports a successful answer that is not JSON', async () => {
    answer('{"cut', { status: 200 });
    expect((await failure(apiFetch('/x'))).code).toBe('answer_malformed');
  });

  it('reports an unreachable server as retryable', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('fetch failed')));
    const error = await failure(apiFetch('/x'));
    expect(error).toMatchObject({ code: 'network_unreachable', status: 0, retryable: true });
  });

  it('lets an aborted call end as an abort', async () => {
    const reason = new DOMException('aborted', 'AbortError');
    vi.stubGlobal('fetch', () => Promise.reject(reason));
    await expect(apiFetch('/x', { signal: AbortSignal.abort() })).rejects.toBe(reason);
  });
});

describe('withParams', () => {
  it('repeats lists, encodes values and leaves out what is undefined', () => {
    expect(withParams('/api/x', { app: ['a b', ''], from: undefined, limit: 50 })).toBe(
      '/api/x?app=a+b&app=&limit=50',
    );
    expect(withParams('/api/x', {})).toBe('/api/x');
  });
});

describe('toApiError', () => {
  it('wraps what is not an ApiError, so that every failure can be shown', () => {
    expect(toApiError(new Error('boom'))).toMatchObject({ code: 'page_failed', message: 'boom' });
    expect(toApiError('boom')).toMatchObject({ code: 'page_failed' });
  });
});
