'use client';

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { toApiError } from '@/components/query/api-error';
import { Card, CardHeader, Facts } from '@/components/ui/card';
import { formatCount } from '@/components/ui/format';
import { SkeletonRows } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import { Time } from '@/components/ui/time';
import type { AppView, IntegritySettings } from '@/lib/contracts';
import { archiveQuery, integrityQuery } from './app-queries';
import { ArchiveForm } from './archive-form';
import { IntegrityForm } from './integrity-form';
import { REQUEST_WORDS } from './integrity-words';

export interface EvidenceSectionProps {
  app: AppView;
  mayWrite: boolean;
  /** Called with the change of the feed, so that its enforcement can be shown. */
  onSaved: (seq: number | null) => void;
}

/** What evidence an app's devices bring besides their keys, how it is read, and whether it is kept. */
export default function EvidenceSection({ app, mayWrite, onSaved }: EvidenceSectionProps) {
  const integrity = useQuery(integrityQuery(app.id));
  const archive = useQuery(archiveQuery(app.id));
  const failed = [integrity, archive].find((query) => query.isError && query.data === undefined);
  if (failed !== undefined) {
    return (
      <Card aria-label="Evidence">
        <ErrorState
          title="The evidence settings could not be loaded"
          error={toApiError(failed.error)}
          onRetry={() => void failed.refetch()}
        />
      </Card>
    );
  }
  if (integrity.data === undefined || archive.data === undefined) {
    return (
      <Card aria-label="Evidence">
        <SkeletonRows rows={8} label="Loading the evidence settings…" />
      </Card>
    );
  }
  return (
    <div className="grid max-w-5xl gap-3">
      <IntegrityStanding settings={integrity.data} />
      {mayWrite ? (
        <IntegrityForm
          key={`integrity-${integrity.data.updatedAt}`}
          app={app}
          settings={integrity.data}
          onSaved={onSaved}
        />
      ) : null}
      <ArchiveForm
        key={`archive-${archive.data.archiveDays}`}
        app={app}
        archive={archive.data}
        mayWrite={mayWrite}
        onSaved={onSaved}
      />
    </div>
  );
}

function IntegrityStanding({ settings }: { settings: IntegritySettings }) {
  const { request, usage, dailyQuota, keysSetAt, accountSetAt, accountEmail } = settings;
  const used = Math.min(100, Math.round((usage.calls / dailyQuota) * 100));
  const since = (at: string | null): ReactNode =>
    at === null ? (
      'not set'
    ) : (
      <>
        sealed, set <Time at={at} />
      </>
    );
  return (
    <Card aria-label="Play Integrity" className="overflow-hidden">
      <CardHeader
        title="Play Integrity"
        note={settings.updatedByName === null ? undefined : `last set by ${settings.updatedByName}`}
      />
      <div className="px-4 pb-3">
        <Facts
          items={[
            {
              label: 'Requests',
              value: request === null ? 'tokens are not looked at' : REQUEST_WORDS[request].label,
            },
            { label: 'Response keys', value: since(keysSetAt) },
            {
              label: 'Service account',
              value:
                accountSetAt === null ? (
                  'not set'
                ) : (
                  <>
                    {accountEmail}, {since(accountSetAt)}
                  </>
                ),
            },
            {
              label: 'Decoded by Google',
              value: (
                <>
                  {formatCount(usage.calls)} of {formatCount(dailyQuota)} on {usage.day} ({used} %)
                  {usage.exhausted === 0 ? null : (
                    <span className="text-rejected-text">
                      ; {formatCount(usage.exhausted)} more were not decoded
                    </span>
                  )}
                </>
              ),
            },
            {
              label: 'Unknown signals',
              value: `${formatCount(settings.unknownSignals24h)} in 24 h, under names that this version does not know`,
            },
          ]}
        />
      </div>
    </Card>
  );
}
