import { AppError } from '@/lib/core';
import { isUnavailable } from './problem';

/**
 * Reports of long work as JSON lines, sent while it is done; the last one says that it is done, or `failed` with a code.
 * The work goes on only as fast as the client reads, and ends where the client leaves.
 */
export function reportStream<Report>(
  open: (signal: AbortSignal) => AsyncGenerator<Report>,
  request: Pick<Request, 'signal'>,
): Response {
  const encoder = new TextEncoder();
  const cancelled = new AbortController();
  const left = AbortSignal.any([cancelled.signal, request.signal]);
  const reports = open(left);
  const line = (report: unknown) => encoder.encode(`${JSON.stringify(report)}\n`);
  const stream = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const { done, value } = await reports.next();
        if (done === true) controller.close();
        else controller.enqueue(line(value));
      } catch (error) {
        if (left.aborted) return controller.error(left.reason);
        controller.enqueue(line({ kind: 'failed', code: codeOf(error) }));
        controller.close();
      }
    },
    cancel: async (reason) => {
      // First: what waits for a statement ends only with it.
      cancelled.abort(reason);
      await reports.return(undefined).catch(() => undefined);
    },
  });
  return new Response(stream, {
    headers: {
      'content-type': 'application/x-ndjson',
      'cache-control': 'no-store',
      // A proxy that collects an answer before it passes it on would show no progress.
      'x-accel-buffering': 'no',
    },
  });
}

function codeOf(error: unknown): string {
  if (error instanceof AppError) return error.code;
  return isUnavailable(error) ? 'service_unavailable' : 'internal_error';
}
