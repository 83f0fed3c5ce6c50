import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { pageContext } from '@/app/api/current-actor';
import { originListQuery } from '@/components/certificates/certificate-queries';
import { listApps } from '@/lib/apps';
import { mayDo } from '@/lib/auth';
import { listOrigins } from '@/lib/certificates';
import { CertificatesView } from './certificates-view';

export const metadata: Metadata = { title: 'Certificates' };

/** The protected origins of every app that the viewer may see. */
export default async function CertificatesPage() {
  const context = await pageContext();
  const client = new QueryClient();
  const [{ apps }] = await Promise.all([
    listApps(context),
    // Where they cannot be read the browser asks again, and shows why.
    client.prefetchQuery({ ...originListQuery(), queryFn: () => listOrigins(context) }),
  ]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <CertificatesView
        apps={apps
          .filter(({ id }) => mayDo(context.actor, 'certificates.write', id))
          .map(({ id, name }) => ({ id, name }))}
      />
    </HydrationBoundary>
  );
}
