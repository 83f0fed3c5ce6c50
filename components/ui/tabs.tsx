'use client';

import { Tabs as Radix } from 'radix-ui';
import { type ReactNode, useEffect, useRef } from 'react';

export interface TabsProps {
  value: string;
  onValueChange: (value: string) => void;
  /** Name for assistive technology. */
  label: string;
  tabs: readonly { value: string; label: string; count?: number; content: ReactNode }[];
}

/** Panels of which one is shown. Keep the value in the URL. In a row that is wider than the page, the chosen tab is in sight. */
export function Tabs({ value, onValueChange, label, tabs }: TabsProps) {
  const row = useRef<HTMLDivElement>(null);
  // Also when the choice came with the URL, and when a narrow window was turned.
  useEffect(() => {
    const element = row.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => keepInSight(element, value));
    observer.observe(element);
    return () => observer.disconnect();
  }, [value]);
  return (
    <Radix.Root value={value} onValueChange={onValueChange} className="min-w-0">
      <Radix.List ref={row} aria-label={label} className="flex gap-4 overflow-x-auto border-b px-4">
        {tabs.map((tab) => (
          <Radix.Trigger
            key={tab.value}
            value={tab.value}
            data-tab={tab.value}
            className="-mb-px h-10 whitespace-nowrap border-b-2 border-transparent text-dim hover:text-ink focus-visible:outline-offset-[-2px] data-[state=active]:border-accent data-[state=active]:text-ink"
          >
            {tab.label}
            {tab.count === undefined ? null : <span className="ml-1.5 text-faint">{tab.count}</span>}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content key={tab.value} value={tab.value} tabIndex={-1}>
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}

/** Scrolls the row, and nothing around it. */
function keepInSight(row: HTMLElement, value: string): void {
  const tab = [...row.children].find((child) => child.getAttribute('data-tab') === value);
  if (tab === undefined) return;
  const [inRow, inPage] = [row.getBoundingClientRect(), tab.getBoundingClientRect()];
  const isInSight = inPage.left >= inRow.left && inPage.right <= inRow.right;
  if (!isInSight) row.scrollLeft += inPage.left - inRow.left - (inRow.width - inPage.width) / 2;
}
