import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { z } from 'zod';
import { pageContext } from '@/app/api/current-actor';
import { originQuery } from '@/components/certificates/certificate-queries';
import { readOrigin } from '@/lib/certificates';
import { certificateScopeOf } from '../../block-rights-of';
import { OriginPage } from './origin-page';

export const metadata: Metadata = { title: 'Protected origin' };

/** One protected origin: its chain, its pins, the rotation assistant, and what devices hold and report. */
export default async function CertificatePage({ params }: { params: Promise<{ id: string }> }) {
  const [context, { id }] = await Promise.all([pageContext(), params]);
  if (!z.uuid().safeParse(id).success) notFound();
  const client = new QueryClient();
  // Where it cannot be read the browser asks again, and shows why.
  await client.prefetchQuery({ ...originQuery(id), queryFn: () => readOrigin(context, { id }) });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <OriginPage id={id} mayWrite={certificateScopeOf(context.actor)} />
    </HydrationBoundary>
  );
}
