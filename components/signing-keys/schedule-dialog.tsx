'use client';

import { useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { Field } from '@/components/ui/field';
import { plural } from '@/components/ui/format';
import { Select } from '@/components/ui/input';
import { useSchedule } from './signing-key-queries';

const CHOICES = [7, 30, 90, 180, 365] as const;
const NEVER = 'never';

/** Asks how often a key is rotated by itself. */
export default function ScheduleDialog({
  current,
  onClose,
}: {
  current: number | null;
  onClose: () => void;
}) {
  const [chosen, setChosen] = useState(current === null ? NEVER : String(current));
  const schedule = useSchedule();
  const choices = [...new Set([...CHOICES, ...(current === null ? [] : [current])])].toSorted(
    (a, b) => a - b,
  );
  return (
    <ConfirmDialog
      open
      restores
      onOpenChange={() => {
        if (!schedule.isPending) onClose();
      }}
      title="Schedule rotations of the signing key?"
      blastRadius={{
        count: 0,
        unit: 'devices are cut off',
        consequence: 'At each rotation the next key takes over, and tokens of the one before stay good.',
      }}
      act="Set the schedule"
      actPending="Setting…"
      reason={{ label: 'Reason', hint: 'Kept in the audit log.' }}
      pending={schedule.isPending}
      error={schedule.error === null ? undefined : toApiError(schedule.error)}
      onConfirm={(reason) =>
        schedule.mutate(
          { rotateEveryDays: chosen === NEVER ? null : Number(chosen), reason },
          { onSuccess: onClose },
        )
      }
    >
      <Field label="A new key signs">
        {(control) => (
          <Select {...control} value={chosen} onChange={({ target }) => setChosen(target.value)}>
            <option value={NEVER}>only when somebody asks for it</option>
            {choices.map((days) => (
              <option key={days} value={days}>
                every {plural(days, 'day')}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </ConfirmDialog>
  );
}
