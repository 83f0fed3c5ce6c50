'use client';

import { toApiError } from '@/components/query/api-error';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import type { RevokedKey, SigningKeyView } from '@/lib/contracts';
import { revokeConsequence, shortKid } from './key-words';
import { useRevokeKey } from './signing-key-queries';

export interface RevokeDialogProps {
  signingKey: SigningKeyView;
  onClose: () => void;
  onRevoked: (revoked: RevokedKey) => void;
}

/** Asks before a key is revoked for good: how many devices hold a token of it, and why. */
export default function RevokeDialog({ signingKey, onClose, onRevoked }: RevokeDialogProps) {
  const revoke = useRevokeKey();
  const { kid, state, devices } = signingKey;
  return (
    <ConfirmDialog
      open
      onOpenChange={() => {
        if (!revoke.isPending) onClose();
      }}
      title={`Revoke the signing key ${shortKid(kid)}?`}
      blastRadius={{
        count: devices,
        unit: `${devices === 1 ? 'device holds' : 'devices hold'} a token of it`,
        consequence: `${revokeConsequence(state)} This cannot be undone.`,
      }}
      act="Revoke this key"
      actPending="Revoking…"
      reason={{ label: 'Reason', hint: 'Kept in the audit log.' }}
      pending={revoke.isPending}
      error={revoke.error === null ? undefined : toApiError(revoke.error)}
      onConfirm={(reason) =>
        revoke.mutate(
          { kid, reason },
          {
            onSuccess: (revoked) => {
              onRevoked(revoked);
              onClose();
            },
          },
        )
      }
    />
  );
}
