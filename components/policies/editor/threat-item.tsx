'use client';

import { Pencil, Plus, X } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { cx } from '@/components/ui/cx';
import { platformLabel } from '@/components/ui/domain-labels';
import { VerdictLabel } from '@/components/ui/verdict-mark';
import type { ConditionalResponse } from '@/lib/contracts';
import { conditionWords } from '@/lib/words';
import { markOf } from '../response-words';
import { problemAt, useEdit } from './edit-context';
import { ChangedMark, PartMarks } from './part-marks';
import type { ThreatRow } from './prepare-threats';
import { ResponseChoice } from './response-choice';

const SOURCES = { runtime: 'runtime signal', evidence: 'evidence', server: 'found by the service' } as const;
const LINK = 'rounded-[4px] underline-offset-2 hover:underline hover:text-ink';

export interface ThreatItemProps {
  row: ThreatRow;
  /** Asks for a condition: a new one, or another form of one that is there. */
  onAsk: (condition: ConditionalResponse | null) => void;
}

/** One threat: its facts, the response to it, and where the response is another. */
export function ThreatItem({ row, onAsk }: ThreatItemProps) {
  const { set, isReadOnly, problems, policy } = useEdit();
  const problem = problemAt(problems, policy, `threats.${row.id}`);
  return (
    <li
      className={cx(
        'grid gap-x-4 gap-y-1.5 border-t px-4 py-1.5 sm:grid-cols-[minmax(0,1fr)_auto]',
        row.isChanged && 'tint-accent',
      )}
    >
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-2.5">
          <span className="font-medium">{row.title}</span>
          <code className="font-mono text-sm text-faint">{row.id}</code>
          {isReadOnly || row.isHard ? null : <AddCondition title={row.title} onClick={() => onAsk(null)} />}
        </p>
        <Facts row={row} />
      </div>
      <div className="flex flex-col items-start gap-1 sm:items-end">
        {row.isHard ? (
          <span className="flex items-center gap-2 text-sm text-dim">
            whatever a policy says
            <VerdictLabel verdict="rejected">reject</VerdictLabel>
          </span>
        ) : (
          <>
            <ResponseChoice
              label={`Response to ${row.title}`}
              value={row.response}
              disabled={isReadOnly}
              onChange={(response) => set(`threats.${row.id}`, response)}
            />
            <PartMarks path={`threats.${row.id}`} was={row.was ?? undefined} />
          </>
        )}
      </div>
      {problem === undefined ? null : (
        <p role="alert" className="text-sm text-rejected-text sm:col-span-2">
          {problem}
        </p>
      )}
      {row.conditions.length + row.removed.length === 0 ? null : <Conditions row={row} onAsk={onAsk} />}
    </li>
  );
}

function AddCondition({ title, onClick }: { title: string; onClick: () => void }) {
  return (
    <Button
      variant="ghost"
      size="sm"
      className="-my-1 h-6 px-1.5 text-faint"
      aria-label={`Another response to ${title} where a condition holds`}
      onClick={onClick}
    >
      <Plus aria-hidden size={11} />
      Condition
    </Button>
  );
}

function Facts({ row }: { row: ThreatRow }) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 text-sm text-dim">
      <span>
        {row.platforms.map(platformLabel).join(', ')}
        {row.platforms.length === 0 ? '' : ', '}
        {SOURCES[row.source]}
      </span>
      {row.attack.map((technique) => (
        <a
          key={technique}
          href={`https://attack.mitre.org/techniques/${technique.replace('.', '/')}/`}
          target="_blank"
          rel="noreferrer"
          className={`${LINK} inline-flex h-6 items-center font-mono`}
        >
          {technique}
        </a>
      ))}
      {row.maswe.map((weakness) => (
        <a
          key={weakness}
          href={`https://mas.owasp.org/MASWE/${weakness}`}
          target="_blank"
          rel="noreferrer"
          className={`${LINK} inline-flex h-6 items-center font-mono`}
        >
          {weakness}
        </a>
      ))}
    </div>
  );
}

function Conditions({ row, onAsk }: ThreatItemProps) {
  const { set, isReadOnly, problems, policy } = useEdit();
  return (
    <ul className="flex flex-wrap items-center gap-x-2 gap-y-1 sm:col-span-2">
      {row.conditions.map(({ condition, isChanged }) => {
        const words = conditionWords(condition.when);
        const problem = problemAt(problems, policy, `conditions.${condition.id}`);
        return (
          <li
            key={condition.id}
            className="inline-flex min-h-7 flex-wrap items-center gap-x-2 rounded-control border bg-card pl-2 text-sm"
          >
            {isChanged ? <ChangedMark /> : null}
            <span>{words}</span>
            <VerdictLabel verdict={markOf(condition.response)} size={8}>
              {condition.response}
            </VerdictLabel>
            {problem === undefined ? null : (
              <span role="alert" className="text-rejected-text">
                {problem}
              </span>
            )}
            {isReadOnly ? (
              <span className="w-1" />
            ) : (
              <span className="inline-flex">
                <IconButton label={`Change the condition ${words}`} onClick={() => onAsk(condition)}>
                  <Pencil aria-hidden size={12} />
                </IconButton>
                <IconButton
                  label={`Remove the condition ${words}`}
                  onClick={() => set(`conditions.${condition.id}`, undefined)}
                >
                  <X aria-hidden size={13} />
                </IconButton>
              </span>
            )}
          </li>
        );
      })}
      {row.removed.map((condition) => (
        <li key={condition.id} className="inline-flex min-h-7 items-center gap-2 text-sm text-dim">
          <span className="line-through">{conditionWords(condition.when)}</span>
          removed
          {isReadOnly ? null : (
            <Button
              variant="ghost"
              size="sm"
              className="h-6"
              onClick={() => set(`conditions.${condition.id}`, condition)}
            >
              Put it back
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

function IconButton({
  label,
  onClick,
  children,
}: {
  label: string;
  onClick: () => void;
  children: React.ReactNode;
}) {
  return (
    <button
      type="button"
      aria-label={label}
      data-tooltip={label}
      onClick={onClick}
      className="inline-flex size-6.5 items-center justify-center text-faint hover:text-ink"
    >
      {children}
    </button>
  );
}
