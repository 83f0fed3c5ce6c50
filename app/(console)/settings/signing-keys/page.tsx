import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { pageContext } from '@/app/api/current-actor';
import { coversAny } from '@/components/blocks/block-rights';
import { signingKeysQuery } from '@/components/signing-keys/signing-key-queries';
import { mayDo } from '@/lib/auth';
import { listSigningKeys } from '@/lib/signing-keys';
import { registryScopeOf } from '../../block-rights-of';
import { SigningKeysView } from './signing-keys-view';

export const metadata: Metadata = { title: 'Signing keys' };

/** The keys that sign tokens: which does, which comes next, which still verify, and what can be done about each. */
export default async function SigningKeysPage() {
  const context = await pageContext();
  const client = new QueryClient();
  // Where they cannot be read the browser asks again, and shows why.
  await client.prefetchQuery({ ...signingKeysQuery(), queryFn: () => listSigningKeys(context) });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <SigningKeysView
        mayWrite={mayDo(context.actor, 'signing_keys.write', null)}
        mayCutOff={mayDo(context.actor, 'cut_offs.write', null)}
        mayRegister={coversAny(registryScopeOf(context.actor))}
        maySeeHolders={mayDo(context.actor, 'telemetry.read', null)}
      />
    </HydrationBoundary>
  );
}
