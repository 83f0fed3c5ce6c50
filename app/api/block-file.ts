import type { ListedBlock } from '@/lib/contracts';
import { csvResponse, type OpenPages } from './export-file';

/** The columns of an export, which are those that an import reads. */
const COLUMNS = ['scope', 'target', 'app', 'effect', 'reason', 'incident', 'owner', 'expires_at'] as const;

const CELLS: Readonly<Record<(typeof COLUMNS)[number], (row: ListedBlock) => string | null>> = {
  scope: (row) => row.scope,
  target: (row) => row.target,
  app: (row) => row.appId,
  effect: (row) => row.effect,
  reason: (row) => row.reason,
  incident: (row) => row.incident,
  owner: (row) => row.owner,
  expires_at: (row) => row.expiresAt,
};

/** Blocks and allowlist entries as a CSV file that can be imported again. */
export function blockExportResponse(
  open: OpenPages<ListedBlock>,
  request: Pick<Request, 'signal'>,
  nowMs: number,
): Response {
  return csvResponse(open, request, {
    name: 'blocks',
    columns: COLUMNS,
    cells: (row) => COLUMNS.map((column) => CELLS[column](row)),
    nowMs,
  });
}
