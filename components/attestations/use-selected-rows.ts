'use client';

import { useMemo, useState } from 'react';
import type { AttestationRow } from '@/lib/contracts';

const NONE: ReadonlyMap<string, AttestationRow> = new Map();

/** The selected rows themselves: those that were scrolled past are no longer in the list's memory. */
export function useSelectedRows(rows: readonly (AttestationRow | undefined)[]) {
  const [selected, setSelected] = useState(NONE);
  const ids = useMemo(() => [...selected.keys()], [selected]);
  const change = (wanted: string[]) => {
    const inSight = new Map(rows.flatMap((row) => (row === undefined ? [] : [[row.id, row]])));
    setSelected(
      new Map(
        wanted.flatMap((id): [string, AttestationRow][] => {
          const row = selected.get(id) ?? inSight.get(id);
          return row === undefined ? [] : [[id, row]];
        }),
      ),
    );
  };
  return { rows: [...selected.values()], ids, change, clear: () => setSelected(NONE) };
}
