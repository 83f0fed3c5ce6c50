import { ApiError, readProblem } from '@/components/query/api-error';
import type { ReplayReport } from '@/lib/contracts';

/** Lines of text as its bytes arrive; what comes after the last line feed is held until the rest of it comes. */
export class LineReader {
  readonly #decoder = new TextDecoder();
  #held = '';

  add(chunk: Uint8Array): string[] {
    const lines = (this.#held + this.#decoder.decode(chunk, { stream: true })).split('\n');
    this.#held = lines.pop() ?? '';
    return lines.filter((line) => line !== '');
  }
}

/**
 * The reports of a replay as they come. An answer that ends before it says that it is done was cut off.
 * @throws ApiError for a refusal, a failure on the way, and an answer that was cut off
 */
export async function* readReports(
  response: Response,
): AsyncGenerator<Extract<ReplayReport, { kind: 'progress' | 'done' }>> {
  if (!response.ok || response.body === null) throw await readProblem(response);
  const lines = new LineReader();
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      for (const line of lines.add(value)) {
        const report = JSON.parse(line) as ReplayReport;
        if (report.kind === 'failed') throw failed(report.code);
        yield report;
        if (report.kind === 'done') return;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  throw failed('answer_malformed');
}

const REASONS: Readonly<Record<string, string>> = {
  service_unavailable: 'The database could not be reached.',
  answer_malformed: 'The answer was cut off.',
};

function failed(code: string): ApiError {
  return new ApiError({ status: 200, code, message: REASONS[code] ?? `The replay failed: ${code}.` });
}
