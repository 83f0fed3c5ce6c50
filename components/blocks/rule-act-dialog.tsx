'use client';

import { toApiError } from '@/components/query/api-error';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import type { BlockRuleView } from '@/lib/contracts';
import { type RuleAct, useRuleAct } from './rule-queries';

const WORDS: Readonly<Record<RuleAct, { verb: string; pending: string; consequence: string }>> = {
  pause: {
    verb: 'Pause',
    pending: 'Pausing…',
    consequence: 'It makes no more of them. What it made stays in force until it ends or is lifted.',
  },
  resume: {
    verb: 'Resume',
    pending: 'Resuming…',
    consequence: 'From now on it blocks by itself again, within its limits.',
  },
  delete: {
    verb: 'Delete',
    pending: 'Deleting…',
    consequence: 'It makes no more of them. What it made stays in force until it ends or is lifted.',
  },
};

export interface RuleActDialogProps {
  rule: BlockRuleView;
  act: RuleAct;
  onClose: () => void;
}

/** Asks before a rule is paused, resumed or deleted. */
export default function RuleActDialog({ rule, act, onClose }: RuleActDialogProps) {
  const run = useRuleAct();
  const { verb, pending, consequence } = WORDS[act];
  return (
    <ConfirmDialog
      open
      onOpenChange={() => {
        if (!run.isPending) onClose();
      }}
      title={`${verb} the rule “${rule.name}”?`}
      blastRadius={{
        count: rule.inForce,
        unit: `${rule.inForce === 1 ? 'block' : 'blocks'} of it in force`,
        consequence,
      }}
      act={`${verb} the rule`}
      actPending={pending}
      restores={act !== 'delete'}
      reason={{ label: 'Reason', hint: 'Kept in the audit log.' }}
      pending={run.isPending}
      error={run.error === null ? undefined : toApiError(run.error)}
      onConfirm={(reason) => run.mutate({ id: rule.id, act, reason }, { onSuccess: onClose })}
    />
  );
}
