import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError, toApiError } from './api-error';
import { apiFetch, withParams } from './api-fetch';
import { onQuestion, openQuestion, type StepUpQuestion } from './step-up';

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

describe('an act that asks for the password again', () => {
  const problem = JSON.stringify({ code: 'step_up_required', detail: 'It asks for your password again.' });
  function answers(...bodies: [string, number][]) {
    const fetchMock = vi.fn(async (_path: string) => {
      const [body, status] = bodies.shift() ?? ['{}', 500];
      return new Response(body, { status });
    });
    vi.stubGlobal('fetch', fetchMock);
    return fetchMock;
  }
  /** Stands for the dialog: answers each question as told, and keeps what was asked. */
  function asker(answer: (question: StepUpQuestion) => void) {
    const asked: string[] = [];
    const stop = onQuestion(() => {
      const question = openQuestion();
      if (question === null) return;
      asked.push(question.why);
      answer(question);
    });
    return { asked, stop };
  }

  it('is repeated once it was given', async () => {
    const fetchMock = answers([problem, 403], ['{"seq":7}', 200]);
    const { asked, stop } = asker((question) => queueMicrotask(() => question.answer(true)));
    await expect(apiFetch('/x', { method: 'POST', body: { a: 1 } })).resolves.toEqual({ seq: 7 });
    expect([fetchMock.mock.calls.length, asked]).toEqual([2, ['It asks for your password again.']]);
    stop();
  });

  it('fails as it was refused where it is not given, where nobody can ask, and where it is refused again', async () => {
    answers([problem, 403]);
    expect((await failure(apiFetch('/x'))).code).toBe('step_up_required');
    const refusing = asker((question) => queueMicrotask(() => question.answer(false)));
    const once = answers([problem, 403]);
    expect((await failure(apiFetch('/x'))).code).toBe('step_up_required');
    expect(once.mock.calls).toHaveLength(1);
    refusing.stop();
    const giving = asker((question) => queueMicrotask(() => question.answer(true)));
    const twice = answers([problem, 403], [problem, 403]);
    expect((await failure(apiFetch('/x'))).code).toBe('step_up_required');
    expect(twice.mock.calls).toHaveLength(2);
    giving.stop();
  });

  it('shares its question with others that ask at the same time, and fails with the session', async () => {
    answers([problem, 403], [problem, 403]);
    const { asked, stop } = asker((question) => {
      setTimeout(() =>
        question.fail(new ApiError({ status: 401, code: 'authentication_required', message: '' })),
      );
    });
    const codes = await Promise.all([failure(apiFetch('/x')), failure(apiFetch('/y'))]);
    expect(codes.map(({ code }) => code)).toEqual(Array(2).fill('authentication_required'));
    expect(asked).toHaveLength(1);
    stop();
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
