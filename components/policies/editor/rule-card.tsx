'use client';

import { useQuery } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { cx } from '@/components/ui/cx';
import { Field } from '@/components/ui/field';
import { formatCount } from '@/components/ui/format';
import { Input } from '@/components/ui/input';
import type { PolicyRule, RuleCheck } from '@/lib/contracts';
import { usePart } from './edit-context';
import { ruleCheckQuery } from './editor-queries';
import { PartMarks } from './part-marks';
import { ResponseChoice } from './response-choice';
import type { RuleLanguage } from './rule-completion';
import { RuleField } from './rule-field';
import { useSettled } from './use-check';

const AFTER_TYPING_MS = 250;

export interface RuleCardProps {
  rule: PolicyRule;
  language: RuleLanguage;
  /** Whether it was just added, or a link led to it: the cursor then goes into it. */
  takesFocus: boolean;
}

/** One rule: what it is for, its expression, and the response where it is true. */
export function RuleCard({ rule, language, takesFocus }: RuleCardProps) {
  const path = `rules.${rule.id}`;
  const { set, settle, isChanged, isReadOnly, problem } = usePart(path);
  const asked = useSettled(rule.expression, AFTER_TYPING_MS);
  const query = useQuery({ ...ruleCheckQuery(asked), enabled: asked !== '' });
  const check = asked === rule.expression && !query.isPlaceholderData ? query.data : undefined;
  const edit = (change: Partial<PolicyRule>, typing = false) => set({ ...rule, ...change }, typing);
  return (
    <Card aria-label={`Rule ${rule.title}`} className={cx('grid gap-3 p-4', isChanged && 'tint-accent')}>
      <div className="flex flex-wrap items-end gap-3">
        <div className="min-w-0 flex-1 basis-60">
          <Field label="What it is for">
            {(control) => (
              <Input
                {...control}
                disabled={isReadOnly}
                maxLength={120}
                value={rule.title}
                onChange={(event) => edit({ title: event.target.value }, true)}
                onBlur={settle}
              />
            )}
          </Field>
        </div>
        <ResponseChoice
          label={`Response of rule ${rule.title}`}
          value={rule.response}
          disabled={isReadOnly}
          onChange={(response) => edit({ response })}
        />
        {isReadOnly ? null : (
          <Button
            variant="ghost"
            size="icon"
            aria-label={`Remove rule ${rule.title}`}
            data-tooltip="Remove the rule"
            onClick={() => set(undefined)}
          >
            <Trash2 aria-hidden size={14} />
          </Button>
        )}
      </div>
      <RuleField
        label={`Expression of rule ${rule.title}`}
        value={rule.expression}
        language={language}
        problem={check?.problem ?? null}
        isReadOnly={isReadOnly}
        takesFocus={takesFocus}
        onChange={(expression) => edit({ expression }, true)}
        onLeave={settle}
      />
      <p className="flex flex-wrap items-baseline gap-x-4 gap-y-1 text-sm">
        <code className="font-mono text-faint">rule.{rule.id}</code>
        <PartMarks path={path} />
        <span className="text-dim">
          <CheckState check={check} isEmpty={rule.expression === ''} isFailed={query.isError} />
        </span>
        {problem === undefined || check?.problem != null ? null : (
          <span role="alert" className="text-rejected-text">
            {problem}
          </span>
        )}
      </p>
    </Card>
  );
}

interface CheckStateProps {
  check: RuleCheck | undefined;
  isEmpty: boolean;
  isFailed: boolean;
}

function CheckState({ check, isEmpty, isFailed }: CheckStateProps) {
  if (isEmpty) return 'Write an expression that gives true or false.';
  if (isFailed) return 'It could not be checked just now; it is checked again when the draft is saved.';
  if (check === undefined) return 'Checking…';
  if (check.problem !== null || check.cost === null) return null;
  return `Costs at most ${formatCount(check.cost)} of ${formatCount(check.mostCost)} steps.`;
}
