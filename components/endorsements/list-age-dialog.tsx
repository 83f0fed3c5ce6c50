'use client';

import { useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/input';
import type { EndorsementsView } from '@/lib/contracts';
import { useSetListAge } from './endorsement-queries';
import { ageWords } from './endorsement-words';

const CHOICES = [24, 48, 72, 168, 336] as const;
const NEVER = 'never';

/** Asks from which age on the list of revoked keys is too old. */
export default function ListAgeDialog({
  list,
  onClose,
}: {
  list: EndorsementsView['statusList'];
  onClose: () => void;
}) {
  const current = list.maxAgeHours;
  const [chosen, setChosen] = useState(current === null ? NEVER : String(current));
  const set = useSetListAge();
  const choices = [...new Set([...CHOICES, ...(current === null ? [] : [current])])].toSorted(
    (a, b) => a - b,
  );
  return (
    <ConfirmDialog
      open
      onOpenChange={() => {
        if (!set.isPending) onClose();
      }}
      title="How old may the list of revoked keys be?"
      blastRadius={{
        count: list.concernedApps,
        unit: 'production apps accept Android evidence',
        consequence:
          chosen === NEVER
            ? 'They would go on accepting keys that may have been revoked.'
            : 'From that age on they refuse new Android enrolments; devices that are enrolled go on.',
      }}
      act="Set the age"
      actPending="Setting…"
      reason={{ label: 'Reason', hint: 'Kept in the audit log.' }}
      pending={set.isPending}
      error={set.error === null ? undefined : toApiError(set.error)}
      onConfirm={(reason) =>
        set.mutate({ maxAgeHours: chosen === NEVER ? null : Number(chosen), reason }, { onSuccess: onClose })
      }
    >
      <Field label="Too old after">
        {(control) => (
          <Select {...control} value={chosen} onChange={({ target }) => setChosen(target.value)}>
            {choices.map((hours) => (
              <option key={hours} value={hours}>
                {ageWords(hours)}
              </option>
            ))}
            <option value={NEVER}>never: any age will do</option>
          </Select>
        )}
      </Field>
    </ConfirmDialog>
  );
}
