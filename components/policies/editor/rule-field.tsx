'use client';

import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { cx } from '@/components/ui/cx';
import type { RuleProblem } from '@/lib/contracts';
import { type Completion, complete, completionsAt, type RuleLanguage } from './rule-completion';

/** The longest expression that the schema takes. */
const MOST_CHARACTERS = 1_000;
/** Both layers must break their lines alike. */
const TEXT =
  'col-start-1 row-start-1 min-h-16 w-full whitespace-pre-wrap break-words px-2.5 py-2 font-mono text-sm leading-5';

export interface RuleFieldProps {
  label: string;
  value: string;
  language: RuleLanguage;
  /** What is wrong, and where in `value`. */
  problem: RuleProblem | null;
  isReadOnly: boolean;
  takesFocus: boolean;
  onChange: (value: string) => void;
  onLeave: () => void;
}

/**
 * A field for an expression: it completes variables, functions and ids of threats, and underlines what is wrong. Ctrl and
 * space ask for completions; the arrow keys choose, Enter or Tab take one, Escape closes them.
 */
export function RuleField(props: RuleFieldProps) {
  const { label, value, language, problem, isReadOnly, takesFocus, onChange, onLeave } = props;
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [cursor, setCursor] = useState(0);
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState(0);
  const found = completionsAt(value, cursor, language);
  const shown = isOpen && found.options.length > 0;
  const option = Math.min(chosen, found.options.length - 1);

  useEffect(() => {
    if (takesFocus) field.current?.focus();
  }, [takesFocus]);

  const take = (completion: Completion) => {
    const next = complete(value, found, completion);
    onChange(next.expression);
    setCursor(next.cursor);
    setOpen(completion.insert.endsWith('")') || completion.insert.endsWith('()'));
    setChosen(0);
    // React writes the value first.
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(next.cursor, next.cursor);
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === ' ' && event.ctrlKey) {
      event.preventDefault();
      setOpen(true);
      return;
    }
    if (!shown) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const completion = found.options[option];
    if (step !== undefined) {
      event.preventDefault();
      setChosen((option + step + found.options.length) % found.options.length);
    } else if (
      (event.key === 'Enter' || event.key === 'Tab') &&
      !event.shiftKey &&
      completion !== undefined
    ) {
      event.preventDefault();
      take(completion);
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      setOpen(false);
    }
  };

  return (
    <div className="grid gap-1">
      <div className="relative">
        <div
          className={cx(
            'grid rounded-control border bg-card focus-within:border-accent',
            problem === null ? 'border-edge/60' : 'border-rejected',
          )}
        >
          <Underlined value={value} problem={problem} />
          <textarea
            ref={field}
            role="combobox"
            aria-label={label}
            aria-autocomplete="list"
            aria-expanded={shown}
            aria-controls={shown ? `${id}-list` : undefined}
            aria-activedescendant={shown ? `${id}-${option}` : undefined}
            aria-invalid={problem === null ? undefined : true}
            aria-describedby={problem === null ? undefined : `${id}-problem`}
            spellCheck={false}
            autoCapitalize="none"
            autoComplete="off"
            autoCorrect="off"
            readOnly={isReadOnly}
            maxLength={MOST_CHARACTERS}
            placeholder={'platform == "android" && "hooks" in threats'}
            className={cx(TEXT, 'field-sizing-content resize-none bg-transparent text-ink outline-none')}
            value={value}
            onChange={(event) => {
              onChange(event.target.value.replaceAll('\n', ' '));
              setCursor(event.target.selectionStart);
              setOpen(true);
              setChosen(0);
            }}
            onSelect={(event) => setCursor(event.currentTarget.selectionStart)}
            onKeyDown={onKeyDown}
            onBlur={() => {
              setOpen(false);
              onLeave();
            }}
          />
        </div>
        {shown && !isReadOnly ? (
          <Options id={id} options={found.options} chosen={option} onTake={take} />
        ) : null}
      </div>
      {problem === null ? null : (
        <p id={`${id}-problem`} role="alert" className="text-sm text-rejected-text">
          {problem.message} <code className="font-mono">{problem.code}</code>
          {value.slice(problem.start, problem.end).trim() === '' ? (
            <> at the end</>
          ) : (
            <>
              {' '}
              at character {problem.start + 1}:{' '}
              <code className="font-mono">{value.slice(problem.start, problem.end)}</code>
            </>
          )}
        </p>
      )}
    </div>
  );
}

/** The same text below the field's, unseen but for the line under what is wrong. */
function Underlined({ value, problem }: Pick<RuleFieldProps, 'value' | 'problem'>) {
  if (problem === null) return null;
  const { start } = problem;
  const end = Math.max(problem.end, start + 1);
  return (
    <div aria-hidden className={cx(TEXT, 'pointer-events-none text-transparent')}>
      {value.slice(0, start)}
      <mark
        data-problem={problem.code}
        className="rounded-[2px] bg-rejected/15 text-transparent underline decoration-2 decoration-rejected decoration-wavy underline-offset-4"
      >
        {value.slice(start, end) || ' '}
      </mark>
      {value.slice(end)}
    </div>
  );
}

interface OptionsProps {
  id: string;
  options: readonly Completion[];
  chosen: number;
  onTake: (completion: Completion) => void;
}

function Options({ id, options, chosen, onTake }: OptionsProps) {
  return (
    <div
      id={`${id}-list`}
      role="listbox"
      aria-label="Completions"
      className="absolute inset-x-0 top-full z-30 mt-1 max-h-56 overflow-y-auto rounded-card border bg-card p-1 shadow-overlay"
    >
      {options.map((completion, index) => (
        <div
          key={completion.label}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === chosen}
          ref={(element) => {
            if (index === chosen) element?.scrollIntoView({ block: 'nearest' });
          }}
          // Before the field loses the focus.
          onPointerDown={(event) => {
            event.preventDefault();
            onTake(completion);
          }}
          className={cx(
            'flex cursor-pointer flex-wrap items-baseline gap-x-3 rounded-[5px] px-2 py-1',
            index === chosen ? 'bg-raised' : '',
          )}
        >
          <code className="font-mono text-sm">{completion.label}</code>
          <span className="font-mono text-sm text-faint">{completion.kind}</span>
          <span className="min-w-0 truncate text-sm text-dim">{completion.description}</span>
        </div>
      ))}
    </div>
  );
}
