import type { AttestationExport, AttestationRow } from '@/lib/contracts';

/** The columns of an export, in their order. */
const COLUMNS = [
  'receivedAt',
  'reference',
  'id',
  'kind',
  'appId',
  'appName',
  'instanceId',
  'verdict',
  'decidingThreat',
  'platform',
  'environment',
  'appVersion',
  'osVersion',
  'model',
  'country',
  'networkKind',
  'networkPrefix',
  'asn',
] as const satisfies readonly (keyof AttestationRow)[];

interface FileFormat {
  contentType: string;
  head: string;
  line: (row: AttestationRow) => string;
}

const FORMATS: Readonly<Record<AttestationExport['format'], FileFormat>> = {
  csv: {
    contentType: 'text/csv; charset=utf-8; header=present',
    head: `${COLUMNS.join(',')}\r\n`,
    line: (row) => `${COLUMNS.map((column) => csvCell(row[column])).join(',')}\r\n`,
  },
  ndjson: {
    contentType: 'application/x-ndjson',
    head: '',
    line: (row) => `${JSON.stringify(row)}\n`,
  },
};

/**
 * One cell of a CSV file (RFC 4180). Text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP,
 * CSV injection): models and versions are chosen by whoever holds the device.
 */
export function csvCell(value: string | number | null): string {
  const text = String(value ?? '');
  const harmless = /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text;
  return /[",\r\n\t']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Reads pages until the signal aborts. */
export type OpenPages<Row> = (signal: AbortSignal) => AsyncIterable<readonly Row[]>;

/** Attestations as a file, for a client whose request this is. */
export function exportResponse(
  open: OpenPages<AttestationRow>,
  request: Pick<Request, 'signal'>,
  format: AttestationExport['format'],
  nowMs: number,
): Response {
  const { contentType, head, line } = FORMATS[format];
  const file = { name: 'attestations', extension: format, contentType, head, line, nowMs };
  return streamed(open, request, file);
}

/** Any rows as a CSV file, formula-safe like the other one. */
export function csvResponse<Row>(
  open: OpenPages<Row>,
  request: Pick<Request, 'signal'>,
  file: {
    name: string;
    columns: readonly string[];
    cells: (row: Row) => readonly (string | number | null)[];
    nowMs: number;
  },
): Response {
  return streamed(open, request, {
    name: file.name,
    extension: 'csv',
    contentType: FORMATS.csv.contentType,
    head: `${file.columns.join(',')}\r\n`,
    line: (row) => `${file.cells(row).map(csvCell).join(',')}\r\n`,
    nowMs: file.nowMs,
  });
}

/**
 * A file that is written while it is sent: the next page is read when the client has taken the one before. Where the client
 * leaves, which its request's signal or the end of the stream tells, the signal that `open` was given aborts.
 */
function streamed<Row>(
  open: OpenPages<Row>,
  request: Pick<Request, 'signal'>,
  file: {
    name: string;
    extension: string;
    contentType: string;
    head: string;
    line: (row: Row) => string;
    nowMs: number;
  },
): Response {
  const encoder = new TextEncoder();
  const cancelled = new AbortController();
  const left = AbortSignal.any([cancelled.signal, request.signal]);
  const iterator = open(left)[Symbol.asyncIterator]();
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      if (file.head !== '') controller.enqueue(encoder.encode(file.head));
    },
    pull: async (controller) => {
      const { done, value } = await iterator.next();
      if (left.aborted) return controller.error(left.reason);
      if (done === true) controller.close();
      else controller.enqueue(encoder.encode(value.map(file.line).join('')));
    },
    cancel: async (reason) => {
      // First: what waits for a statement ends only with it.
      cancelled.abort(reason);
      await iterator.return?.();
    },
  });
  const stamp = new Date(file.nowMs).toISOString().slice(0, 19).replaceAll(':', '-');
  return new Response(stream, {
    headers: {
      'content-type': file.contentType,
      'content-disposition': `attachment; filename="${file.name}-${stamp}.${file.extension}"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  });
}
