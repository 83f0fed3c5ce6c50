'use client';

import { useQuery } from '@tanstack/react-query';
import { Button } from '@/components/ui/button';
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
