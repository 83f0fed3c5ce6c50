'use client';

import { Check } from 'lucide-react';
import { type FormEvent, type ReactElement, useState } from 'react';
import { useDefaultRange } from '@/components/query/default-range';
import { RANGE_CHOICES, RANGE_NAMES, resolveRange, type TimeRange } from '@/components/query/time-range';
import { Button } from '@/components/ui/button';
import { cx } from '@/components/ui/cx';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { OVERLAY_ITEM } from '@/components/ui/overlay-surface';
import { Popover } from '@/components/ui/popover';

export interface TimeRangePopoverProps {
  trigger: ReactElement;
  range: TimeRange;
  onSelect: (range: TimeRange) => void;
}

/** A moment as `datetime-local` writes it, in the viewer's time zone. */
function toLocalInput(atMs: number): string {
  const offsetMs = new Date(atMs).getTimezoneOffset() * 60_000;
  return new Date(atMs - offsetMs).toISOString().slice(0, 16);
}

/** Named ranges, and a period between two moments of the viewer's time zone. */
export default function TimeRangePopover({ trigger, range, onSelect }: TimeRangePopoverProps) {
  const usual = useDefaultRange();
  const [open, setOpen] = useState(true);
  const choose = (next: TimeRange) => {
    onSelect(next);
    setOpen(false);
  };
  return (
    <Popover trigger={trigger} label="Time range" align="end" open={open} onOpenChange={setOpen}>
      <ul className="w-64">
        {RANGE_NAMES.map((name) => {
          const chosen = range.kind === 'named' && range.name === name;
          return (
            <li key={name}>
              <button
                type="button"
                aria-pressed={chosen}
                onClick={() => choose({ kind: 'named', name })}
                className={cx(OVERLAY_ITEM, 'w-full hover:bg-raised focus-visible:bg-raised')}
              >
                <span className="w-4">{chosen ? <Check aria-hidden size={14} /> : null}</span>
                <span className="flex-1 text-left">{RANGE_CHOICES[name].label}</span>
                {name === usual ? <span className="text-xs text-faint">default</span> : null}
                <span className="w-7 font-mono text-xs text-faint">{name}</span>
              </button>
            </li>
          );
        })}
      </ul>
      <PeriodForm range={range} onSelect={choose} />
    </Popover>
  );
}

function PeriodForm({ range, onSelect }: { range: TimeRange; onSelect: (range: TimeRange) => void }) {
  const [initial] = useState(() => resolveRange(range, Date.now()));
  const [from, setFrom] = useState(toLocalInput(initial.fromMs));
  const [to, setTo] = useState(toLocalInput(initial.toMs));
  const [error, setError] = useState<string>();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const [fromMs, toMs] = [new Date(from).getTime(), new Date(to).getTime()];
    if (fromMs < toMs) onSelect({ kind: 'absolute', fromMs, toMs });
    else setError('The end must be after the start.');
  };
  return (
    <form onSubmit={submit} className="mt-1 grid gap-2 border-t px-2 pt-2 pb-1.5">
      <Field label="From">
        {(control) => (
          <Input
            {...control}
            type="datetime-local"
            required
            value={from}
            onChange={(event) => setFrom(event.target.value)}
          />
        )}
      </Field>
      <Field label="To" error={error}>
        {(control) => (
          <Input
            {...control}
            type="datetime-local"
            required
            value={to}
            onChange={(event) => setTo(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" className="justify-center">
        Show this period
      </Button>
    </form>
  );
}
