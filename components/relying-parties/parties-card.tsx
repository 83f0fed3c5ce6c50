'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import { deferred } from '@/components/ui/deferred';
import { SkeletonRows } from '@/components/ui/skeleton';
import { EmptyState, ErrorState } from '@/components/ui/states';
import { Table, Td, Th } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import { VerdictMark } from '@/components/ui/verdict-mark';
import type { RelyingPartyView } from '@/lib/contracts';
import { relyingPartiesQuery } from './party-queries';
import { standingOf } from './party-words';

const RegisterPartyDialog = deferred(() => import('./register-party-dialog'));
const RemovePartyDialog = deferred(() => import('./remove-party-dialog'));

/** Relying parties that verify tokens themselves: who they are, and whether they have applied what is revoked. */
export function PartiesCard({ mayRegister }: { mayRegister: boolean }) {
  const query = useQuery(relyingPartiesQuery());
  const [open, setOpen] = useState<'register' | RelyingPartyView | null>(null);
  const close = () => setOpen(null);
  const parties = query.data?.relyingParties ?? [];
  return (
    <Card aria-label="Relying parties" className="overflow-hidden">
      <CardHeader title="Relying parties" note="that verify tokens themselves and follow the revocation feed">
        {mayRegister && query.data !== undefined ? (
          <Button size="sm" onClick={() => setOpen('register')}>
            <Plus aria-hidden size={14} />
            Register
          </Button>
        ) : null}
      </CardHeader>
      {query.isPending ? <SkeletonRows rows={2} label="Loading the relying parties…" /> : null}
      {query.isError && query.data === undefined ? (
        <ErrorState
          title="The relying parties could not be loaded"
          error={toApiError(query.error)}
          onRetry={() => void query.refetch()}
        />
      ) : null}
      {query.isSuccess && parties.length === 0 ? (
        <EmptyState title="No relying party is registered">
          An API that verifies tokens in its own process is listed in the proof of each act once it is
          registered.
        </EmptyState>
      ) : null}
      {parties.length === 0 ? null : (
        <PartiesTable parties={parties} mayRemove={mayRegister} onRemove={setOpen} />
      )}
      {open === 'register' && query.data !== undefined ? (
        <RegisterPartyDialog apis={query.data.apis} onClose={close} />
      ) : null}
      {open !== null && open !== 'register' ? <RemovePartyDialog party={open} onClose={close} /> : null}
    </Card>
  );
}

interface PartiesTableProps {
  parties: readonly RelyingPartyView[];
  mayRemove: boolean;
  onRemove: (party: RelyingPartyView) => void;
}

function PartiesTable({ parties, mayRemove, onRemove }: PartiesTableProps) {
  return (
    <Table aria-label="Relying parties">
      <thead>
        <tr>
          <Th>Name</Th>
          <Th className="max-sm:hidden">API</Th>
          <Th>Revocations</Th>
          <Th className="max-md:hidden">Last seen</Th>
          {mayRemove ? (
            <Th className="w-24">
              <span className="sr-only">Acts</span>
            </Th>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {parties.map((party) => {
          const { mark, text, lastSeenAt } = standingOf(party);
          return (
            <tr key={party.id}>
              <Td className="font-medium">{party.name}</Td>
              <Td mono className="text-dim max-sm:hidden">
                {party.apiId}
              </Td>
              <Td>
                <span className="flex items-center gap-2">
                  <VerdictMark verdict={mark} />
                  {text}
                </span>
              </Td>
              <Td className="text-dim max-md:hidden">
                {lastSeenAt === null ? 'never' : <Time at={lastSeenAt} />}
              </Td>
              {mayRemove ? (
                <Td>
                  <Button size="sm" variant="ghost" onClick={() => onRemove(party)}>
                    Remove
                  </Button>
                </Td>
              ) : null}
            </tr>
          );
        })}
      </tbody>
    </Table>
  );
}
