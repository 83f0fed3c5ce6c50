'use client';

import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { originListQuery } from '@/components/certificates/certificate-queries';
import { OriginsTable } from '@/components/certificates/origins-table';
import { PageHeader } from '@/components/console/page-header';
import { toApiError } from '@/components/query/api-error';
import { useFacet } from '@/components/query/url-state';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { deferred } from '@/components/ui/deferred';
import { plural } from '@/components/ui/format';
import { Notice } from '@/components/ui/notice';
import { SkeletonRows } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import type { OriginView } from '@/lib/contracts';

const RegisterOriginDialog = deferred(() => import('@/components/certificates/register-origin-dialog'));

/** The list of protected origins, those of the chosen apps, with what runs out soon. */
export function CertificatesView({ apps }: { apps: readonly { id: string; name: string }[] }) {
  const [open, setOpen] = useState(false);
  const router = useRouter();
  const query = useQuery(originListQuery());
  const [chosen] = useFacet('app');
  const protect =
    apps.length === 0 ? null : (
      <Button variant="primary" onClick={() => setOpen(true)}>
        Protect an origin
      </Button>
    );
  const origins = query.data?.origins.filter(({ appId }) => chosen.length === 0 || chosen.includes(appId));
  return (
    <>
      <PageHeader
        title="Certificates"
        description="The servers that apps pin: what they present, what is pinned, and what devices hold."
        actions={protect}
      />
      {origins === undefined ? (
        <Card aria-label="Protected origins">
          {query.isError ? (
            <ErrorState
              title="The origins could not be loaded"
              error={toApiError(query.error)}
              onRetry={() => void query.refetch()}
            />
          ) : (
            <SkeletonRows rows={6} label="Loading the origins…" />
          )}
        </Card>
      ) : (
        <>
          <ExpiryNotice origins={origins} />
          <OriginsTable
            origins={origins}
            firstSteps={
              protect === null
                ? { text: 'A responder or an administrator protects origins.' }
                : {
                    text: 'Name a server that one of your apps calls. Its certificate is probed, and you can publish pins.',
                    actions: protect,
                  }
            }
          />
        </>
      )}
      {open ? (
        <RegisterOriginDialog
          apps={apps}
          onClose={() => setOpen(false)}
          onRegistered={({ originId, seq }) => router.push(`/certificates/${originId}?change=${seq}`)}
        />
      ) : null}
    </>
  );
}

/** What has run out, or does soon; nothing where nothing does. */
function ExpiryNotice({ origins }: { origins: readonly OriginView[] }) {
  const expired = origins.filter(({ expiryWarning }) => expiryWarning === 'expired');
  const soon = origins.filter(({ expiryWarning }) => expiryWarning !== null && expiryWarning !== 'expired');
  const hosts = (some: readonly OriginView[]) => some.map(({ host }) => host).join(', ');
  return (
    <>
      {expired.length === 0 ? null : (
        <Notice tone="rejected" lead="expired">
          {plural(expired.length, 'certificate')}: {hosts(expired)}.
        </Notice>
      )}
      {soon.length === 0 ? null : (
        <Notice tone="flagged" lead="expires within 30 days">
          {plural(soon.length, 'certificate')}: {hosts(soon)}.
        </Notice>
      )}
    </>
  );
}
