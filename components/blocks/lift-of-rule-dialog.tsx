'use client';

import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { formatCount, plural } from '@/components/ui/format';
import { Checkbox } from '@/components/ui/input';
import type { BlockRuleView } from '@/lib/contracts';
import { type LiftSum, rulesQuery, useLiftOfRule } from './rule-queries';

export interface LiftOfRuleDialogProps {
  rule: BlockRuleView;
  /** Whether the viewer may pause it as well. */
  mayPause: boolean;
  onClose: () => void;
  /** Called with the position of the last change, whose propagation is then to be shown. */
  onLifted: (seq: number) => void;
}

/** Asks before all that a rule made is lifted: how much is in force comes first, as the server counts it now. */
export default function LiftOfRuleDialog({ rule, mayPause, onClose, onLifted }: LiftOfRuleDialogProps) {
  const now = useQuery({ ...rulesQuery(), refetchOnMount: 'always' });
  const id = useId();
  const [sum, setSum] = useState<LiftSum>();
  const [pauses, setPauses] = useState(true);
  const lift = useLiftOfRule(setSum);
  const inForce = now.data?.rules.find((one) => one.id === rule.id)?.inForce ?? 0;
  const isActive = rule.state === 'active' && rule.deletedAt === null;
  const what = rule.effect === 'refuse' ? 'block' : 'simulation';
  return (
    <ConfirmDialog
      open
      onOpenChange={() => {
        if (!lift.isPending) onClose();
      }}
      title={`Lift all ${what}s of the rule “${rule.name}”?`}
      blastRadius={{
        count: inForce,
        unit: `${inForce === 1 ? what : `${what}s`} of it in force`,
        consequence:
          'Those who are concerned are judged by their evidence, the policy and other blocks again, on every node.',
      }}
      act={`Lift ${plural(inForce, what)}`}
      actPending={sum === undefined ? 'Lifting…' : `${formatCount(sum.lifted)} lifted…`}
      reason={{ label: 'Reason', hint: 'Kept with every one of them and in the audit log.' }}
      restores
      pending={lift.isPending}
      error={lift.error === null ? undefined : toApiError(lift.error)}
      onConfirm={(reason) =>
        lift.mutate(
          { id: rule.id, reason, pausesFirst: isActive && mayPause && pauses },
          {
            onSuccess: ({ seq }) => {
              if (seq !== null) onLifted(seq);
              onClose();
            },
          },
        )
      }
    >
      {isActive && mayPause ? (
        <div className="flex items-center gap-2">
          <Checkbox id={id} checked={pauses} onChange={(event) => setPauses(event.target.checked)} />
          <label htmlFor={id}>Pause the rule first</label>
        </div>
      ) : null}
      {isActive && !(mayPause && pauses) ? (
        <p className="text-dim text-sm">It goes on, and blocks who is refused again from now on.</p>
      ) : null}
    </ConfirmDialog>
  );
}
