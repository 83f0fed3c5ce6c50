'use client';

import { FilterChips } from '@/components/data-table/filter-chips';
import { Select } from '@/components/ui/input';
import type { AuditFilter } from './audit-queries';
import { ACTION_WORDS, actionWords } from './audit-words';

export interface AuditFiltersProps {
  filter: AuditFilter;
  setAction: (action: string | null) => void;
  setTarget: (kind: string | null, id: string | null) => void;
  clear: () => void;
}

/** What is done, chosen in words; and the target, where one was chosen from an entry. */
export function AuditFilters({ filter, setAction, setTarget, clear }: AuditFiltersProps) {
  const { action, targetId } = filter;
  const actions = Object.entries(ACTION_WORDS).sort((a, b) => a[1].localeCompare(b[1]));
  const unlisted = action !== null && ACTION_WORDS[action] === undefined;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Select
        aria-label="What was done"
        value={action ?? ''}
        onChange={(event) => setAction(event.target.value === '' ? null : event.target.value)}
        className="sm:w-64"
      >
        <option value="">Everything that was done</option>
        {unlisted ? <option value={action}>{action}</option> : null}
        {actions.map(([verb, words]) => (
          <option key={verb} value={verb}>
            {words}
          </option>
        ))}
      </Select>
      <FilterChips
        chips={[
          ...(action === null
            ? []
            : [{ id: 'action', facet: 'Act', value: actionWords(action), onRemove: () => setAction(null) }]),
          ...(targetId === null
            ? []
            : [{ id: 'target', facet: 'Target', value: targetId, onRemove: () => setTarget(null, null) }]),
        ]}
        onClear={clear}
      />
    </div>
  );
}
