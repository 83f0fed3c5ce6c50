'use client';

import { useQuery } from '@tanstack/react-query';
import { Button, buttonClass } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import { rulesQuery } from './rule-queries';

/** Says that the list shows what one rule decided, and leads back to all of it. */
export function RuleNotice({ ruleId, onShowAll }: { ruleId: string; onShowAll: () => void }) {
  const rule = useQuery(rulesQuery()).data?.rules.find(({ id }) => id === ruleId);
  return (
    <Notice
      tone="unknown"
      lead="one rule"
      actions={
        <Button size="sm" onClick={onShowAll}>
          Show all
        </Button>
      }
    >
      The list shows what {rule === undefined ? 'one rule' : `the rule “${rule.name}”`} decided.
    </Notice>
  );
}

/** Says above the list, however long that is, that rules have stopped themselves. */
export function StoppedRules() {
  const stopped = useQuery(rulesQuery()).data?.rules.filter(
    ({ state, deletedAt }) => state === 'stopped' && deletedAt === null,
  );
  if (stopped === undefined || stopped.length === 0) return null;
  return (
    <Notice
      tone="rejected"
      lead={stopped.length === 1 ? 'a rule stopped itself' : `${stopped.length} rules stopped themselves`}
      actions={
        <a href="#rules" className={buttonClass('secondary', 'sm')}>
          Look at it
        </a>
      }
    >
      {stopped.map(({ name }) => `“${name}”`).join(', ')}: it would have blocked too many, and blocks nobody
      until a person resumes it.
    </Notice>
  );
}
