'use client';

import { ChangeProof } from '@/components/blocks/change-proof';
import { Button } from '@/components/ui/button';

export interface RegistrationProofProps {
  /** The change as the URL names it; `null` for none. */
  seq: string | null;
  onDismiss: () => void;
}

/** Proof that what was just registered is in force on every node. */
export function RegistrationProof({ seq, onDismiss }: RegistrationProofProps) {
  if (seq === null || !/^[1-9]\d{0,14}$/.test(seq)) return null;
  return (
    <ChangeProof seq={Number(seq)}>
      the registration, as each node acknowledged it{' '}
      <Button variant="ghost" size="sm" onClick={onDismiss}>
        Dismiss
      </Button>
    </ChangeProof>
  );
}
