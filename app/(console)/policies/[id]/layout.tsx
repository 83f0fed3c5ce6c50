import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { pageContext } from '@/app/api/current-actor';
import { PolicyFrame } from '@/components/policies/policy-frame';
import { listPolicyStandings } from '@/lib/policies';

/** The frame of one app's policy pages. */
export default async function PolicyLayout({
  params,
  children,
}: {
  params: Promise<{ id: string }>;
  children: ReactNode;
}) {
  const [context, { id }] = await Promise.all([pageContext(), params]);
  const standings = await listPolicyStandings(context);
  if (!standings.apps.some(({ appId }) => appId === id)) notFound();
  return (
    <PolicyFrame id={id} initial={standings}>
      {children}
    </PolicyFrame>
  );
}
