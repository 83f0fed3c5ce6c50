'use client';

import { useEffect, useRef, useState } from 'react';
import { type ApiError, readProblem, toApiError } from '@/components/query/api-error';
import type { AttestationFilter } from './attestation-filter';
import { type ExportFormat, exportPath } from './attestation-queries';
import { FileGatherer, fileNameOf, LineCounter } from './export-stream';

/** How often progress is shown. */
const PROGRESS_EVERY_MS = 100;

export type ExportState =
  | { status: 'idle' }
  | { status: 'running'; format: ExportFormat; rows: number; bytes: number }
  | { status: 'failed'; format: ExportFormat; error: ApiError };

/** Saves the rows of a filter as a file, and tells how far it got. Leaving the page or `cancel` ends it. */
export function useExport(filter: AttestationFilter) {
  const [state, setState] = useState<ExportState>({ status: 'idle' });
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const start = async (format: ExportFormat) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setState({ status: 'running', format, rows: 0, bytes: 0 });
    try {
      const path = exportPath(filter, format);
      const onProgress = (rows: number, bytes: number) =>
        setState({ status: 'running', format, rows, bytes });
      await download(path, format, controller.signal, onProgress);
      setState({ status: 'idle' });
    } catch (error) {
      if (controller.signal.aborted) return;
      setState({ status: 'failed', format, error: toApiError(error) });
    }
  };
  const cancel = () => {
    running.current?.abort();
    setState({ status: 'idle' });
  };
  return { state, start: (format: ExportFormat) => void start(format), cancel };
}

async function download(
  path: string,
  format: ExportFormat,
  signal: AbortSignal,
  onProgress: (rows: number, bytes: number) => void,
): Promise<void> {
  const response = await fetch(path, { signal, credentials: 'same-origin' });
  if (!response.ok || response.body === null) throw await readProblem(response);
  const counter = new LineCounter(format === 'csv' ? 1 : 0);
  const file = new FileGatherer();
  const reader = response.body.getReader();
  let shownMs = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    file.add(value);
    counter.add(value);
    if (performance.now() - shownMs < PROGRESS_EVERY_MS) continue;
    shownMs = performance.now();
    onProgress(counter.rows, counter.bytes);
  }
  const type = response.headers.get('content-type') ?? 'application/octet-stream';
  save(fileNameOf(response.headers.get('content-disposition'), format), file.finish(type));
}

function save(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
