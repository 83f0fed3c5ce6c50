'use client';

import { useState } from 'react';
import { ChangeProof } from '@/components/blocks/change-proof';
import { isLive, shortKid } from '@/components/signing-keys/key-words';
import { SigningKeysTable } from '@/components/signing-keys/signing-keys-table';
import { Button } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import { deferred } from '@/components/ui/deferred';
import { EmptyState } from '@/components/ui/states';
import type { SigningKeyView } from '@/lib/contracts';

const RevokeDialog = deferred(() => import('@/components/signing-keys/revoke-dialog'));
const CutOffDialog = deferred(() => import('@/components/cut-offs/cut-off-dialog'));

export interface KeysCardProps {
  keys: readonly SigningKeyView[];
  mayRevoke: boolean;
  mayCutOff: boolean;
}

interface Done {
  seq: number;
  text: string;
}

/** Every key with its acts, and the proof of the act that was done last. */
export function KeysCard({ keys, mayRevoke, mayCutOff }: KeysCardProps) {
  const [open, setOpen] = useState<{ act: 'revoke' | 'cut_off'; key: SigningKeyView } | null>(null);
  const [done, setDone] = useState<Done | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      {done === null ? null : <ChangeProof seq={done.seq}>{done.text}</ChangeProof>}
      <Card aria-label="Keys">
        <CardHeader title="Keys" note="ES256" />
        {keys.length === 0 ? (
          <EmptyState title="There is no signing key yet">
            The service makes one when it first starts.
          </EmptyState>
        ) : (
          <SigningKeysTable
            keys={keys}
            acts={(key) => (
              <>
                {mayCutOff && isLive(key.state) && key.state !== 'staged' ? (
                  <Button size="sm" onClick={() => setOpen({ act: 'cut_off', key })}>
                    Cut off tokens
                  </Button>
                ) : null}
                {mayRevoke && isLive(key.state) ? (
                  <Button size="sm" variant="danger" onClick={() => setOpen({ act: 'revoke', key })}>
                    Revoke
                  </Button>
                ) : null}
              </>
            )}
          />
        )}
      </Card>
      {open?.act === 'revoke' ? (
        <RevokeDialog
          signingKey={open.key}
          onClose={close}
          onRevoked={({ kid, seq }) => setDone({ seq, text: `revocation of the key ${shortKid(kid)}` })}
        />
      ) : null}
      {open?.act === 'cut_off' ? (
        <CutOffDialog
          target={{ scope: 'signing_key', target: open.key.kid }}
          whose={`of the key ${shortKid(open.key.kid)}`}
          onClose={close}
          onMade={({ seq, target }) =>
            setDone({ seq, text: `cut-off of tokens of the key ${shortKid(target)}` })
          }
        />
      ) : null}
    </>
  );
}
