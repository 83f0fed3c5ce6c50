import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { pageContext } from '@/app/api/current-actor';
import { type AttestationFilter, filterOf, filterParams } from '@/components/attestations/attestation-filter';
import { attestationHeadQuery, PAGE_ROWS } from '@/components/attestations/attestation-queries';
import { listApps } from '@/lib/apps';
import type { VerbContext } from '@/lib/auth';
import { attestationQuerySchema } from '@/lib/contracts';
import { listAttestations } from '@/lib/telemetry/queries';
import { blockRightsOf, exportScopeOf } from '../block-rights-of';
import { defaultRange } from '../default-range';
import { mayWriteViews } from '../may-write-views';
import { searchOf } from '../search-of';
import { THREAT_TITLES } from '../threat-titles';
import { AttestationsView } from './attestations-view';

export const metadata: Metadata = { title: 'Attestations' };

interface AttestationsPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Every attestation, as it happens; each explains itself. */
export default async function AttestationsPage({ searchParams }: AttestationsPageProps) {
  const context = await pageContext();
  const filter = filterOf(searchOf(await searchParams), await defaultRange());
  const [{ apps }, client] = await Promise.all([listApps(context), readFirstPage(context, filter)]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <AttestationsView
        names={{
          apps: Object.fromEntries(apps.map((app) => [app.id, app.name])),
          threats: THREAT_TITLES,
        }}
        rights={blockRightsOf(context.actor)}
        mayExportEvidence={exportScopeOf(context.actor)}
        mayWriteViews={mayWriteViews(context.actor)}
      />
    </HydrationBoundary>
  );
}

/** The rows that the page begins with. Where they cannot be read the browser asks again, and shows why. */
async function readFirstPage(context: VerbContext, filter: AttestationFilter): Promise<QueryClient> {
  const client = new QueryClient();
  const input = attestationQuerySchema.safeParse({ ...filterParams(filter), limit: PAGE_ROWS });
  if (input.success) {
    await client.prefetchQuery({
      ...attestationHeadQuery(filter),
      queryFn: () => listAttestations(context, input.data),
    });
  }
  return client;
}
