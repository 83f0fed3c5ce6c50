'use client';

import type { ReactNode } from 'react';
import { SearchField } from '@/components/data-table/search-field';
import { Button } from '@/components/ui/button';
import { cx } from '@/components/ui/cx';
import { platformLabel } from '@/components/ui/domain-labels';
import { VERDICT_ORDER, VERDICT_STYLES, VerdictMark } from '@/components/ui/verdict-mark';
import { isNarrowed } from './device-filter';
import type { DeviceFilterControl } from './use-device-filter';

const PLATFORMS = ['ios', 'android'];

/** Search and filters of the device list, in one line. */
export function DeviceFilters({ control }: { control: DeviceFilterControl }) {
  const { filter, search, toggle, setBlocked, clear } = control;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <SearchField
        label="Search devices"
        placeholder="Id, reference, network or model"
        value={filter.q}
        onChange={search}
        className="w-full sm:w-72"
      />
      <ToggleGroup label="Verdict">
        {VERDICT_ORDER.map((verdict) => (
          <Toggle
            key={verdict}
            on={filter.verdict.includes(verdict)}
            onToggle={() => toggle('verdict', verdict)}
          >
            <VerdictMark verdict={verdict} />
            {VERDICT_STYLES[verdict].label}
          </Toggle>
        ))}
      </ToggleGroup>
      <ToggleGroup label="Platform">
        {PLATFORMS.map((platform) => (
          <Toggle
            key={platform}
            on={filter.platform.includes(platform)}
            onToggle={() => toggle('platform', platform)}
          >
            {platformLabel(platform)}
          </Toggle>
        ))}
      </ToggleGroup>
      <ToggleGroup label="Block">
        <Toggle
          on={filter.blocked === 'true'}
          onToggle={() => setBlocked(filter.blocked === 'true' ? null : 'true')}
        >
          Blocked
        </Toggle>
        <Toggle
          on={filter.blocked === 'false'}
          onToggle={() => setBlocked(filter.blocked === 'false' ? null : 'false')}
        >
          Not blocked
        </Toggle>
      </ToggleGroup>
      {isNarrowed(filter) ? (
        <Button variant="ghost" size="sm" onClick={clear}>
          Clear
        </Button>
      ) : null}
    </div>
  );
}

/** Choices that stand together, joined by their borders. */
function ToggleGroup({ label, children }: { label: string; children: ReactNode }) {
  return (
    <fieldset className="flex max-w-full overflow-x-auto rounded-control border bg-card">
      <legend className="sr-only">{label}</legend>
      {children}
    </fieldset>
  );
}

interface ToggleProps {
  on: boolean;
  onToggle: () => void;
  children: ReactNode;
}

function Toggle({ on, onToggle, children }: ToggleProps) {
  return (
    <button
      type="button"
      aria-pressed={on}
      onClick={onToggle}
      className={cx(
        'flex h-7.5 items-center gap-1.5 whitespace-nowrap border-r px-2.5 text-sm transition-colors last:border-r-0 focus-visible:outline-offset-[-2px]',
        on ? 'tint-accent text-ink' : 'text-dim hover:bg-raised hover:text-ink',
      )}
    >
      {children}
    </button>
  );
}
