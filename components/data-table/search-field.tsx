'use client';

import { Search, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { cx } from '@/components/ui/cx';
import { Input } from '@/components/ui/input';

const PAUSE_MS = 250;

export interface SearchFieldProps {
  /** Name for assistive technology: "Search devices". */
  label: string;
  placeholder: string;
  /** What is searched for now; kept by the caller, in the URL. */
  value: string;
  /** Called a quarter of a second after the last key, at once for Enter, for clearing and on leaving the field. */
  onChange: (value: string) => void;
  className?: string;
}

/** The search of a page: `/` goes to it, Escape clears it. */
export function SearchField({ label, placeholder, value, onChange, className }: SearchFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const commit = (text: string) => {
    clearTimeout(timer.current);
    setDraft(null);
    if (text !== value) onChange(text);
  };
  const type = (text: string) => {
    clearTimeout(timer.current);
    setDraft(text);
    timer.current = setTimeout(() => commit(text), PAUSE_MS);
  };
  const shown = draft ?? value;
  return (
    <div className={cx('relative', className)}>
      <Search aria-hidden size={14} className="absolute top-1/2 left-2.5 -translate-y-1/2 text-faint" />
      <Input
        data-page-search
        type="text"
        inputMode="search"
        autoComplete="off"
        spellCheck={false}
        aria-label={label}
        placeholder={placeholder}
        value={shown}
        onChange={(event) => type(event.target.value)}
        // What is pressed next may lead away: a search that comes after it would call the reader back.
        onBlur={() => {
          if (draft !== null) commit(draft);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit(shown);
          if (event.key === 'Escape' && shown !== '') commit('');
        }}
        className="px-8"
      />
      {shown === '' ? null : (
        <button
          type="button"
          aria-label="Clear the search"
          onClick={() => commit('')}
          className="absolute top-1/2 right-1 inline-flex size-6 -translate-y-1/2 items-center justify-center rounded-[5px] text-faint hover:bg-raised hover:text-ink"
        >
          <X aria-hidden size={13} />
        </button>
      )}
    </div>
  );
}
