import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { z } from 'zod';
import { pageContext } from '@/app/api/current-actor';
import { deviceQuery } from '@/components/devices/device-queries';
import { readDevice } from '@/lib/devices';
import { blockRightsOf, cutOffScopeOf, eraseScopeOf } from '../../block-rights-of';
import { DeviceDetail } from './device-detail';

export const metadata: Metadata = { title: 'Device' };

/** One device: who it is, how it stands, what happened to it, and what can be done about it. */
export default async function DevicePage({ params }: { params: Promise<{ id: string }> }) {
  const [context, { id }] = await Promise.all([pageContext(), params]);
  if (!z.uuid().safeParse(id).success) notFound();
  const client = new QueryClient();
  // Where it cannot be read the browser asks again, and shows why.
  await client.prefetchQuery({ ...deviceQuery(id), queryFn: () => readDevice(context, { id }) });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <DeviceDetail
        id={id}
        rights={blockRightsOf(context.actor)}
        mayErase={eraseScopeOf(context.actor)}
        mayCutOff={cutOffScopeOf(context.actor)}
      />
    </HydrationBoundary>
  );
}
