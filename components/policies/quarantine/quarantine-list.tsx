'use client';

import { useQuery } from '@tanstack/react-query';
import { Button } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import { formatCount, plural } from '@/components/ui/format';
import { EmptyState } from '@/components/ui/states';
import { Time } from '@/components/ui/time';
import { useNowMs } from '@/components/ui/use-viewer';
import { VerdictLabel } from '@/components/ui/verdict-mark';
import type { Quarantine } from '@/lib/contracts';
import { remainingWords } from './quarantine-form';
import { effectQuery } from './quarantine-queries';

export interface QuarantineListProps {
  quarantines: readonly Quarantine[];
  /** Titles of threats, by id. */
  titles: Readonly<Record<string, string>>;
  mayEnd: boolean;
  onEnd: (quarantine: Quarantine) => void;
}

/** Quarantines that last, with what each met so far; and those that have ended. */
export function QuarantineList({ quarantines, titles, mayEnd, onEnd }: QuarantineListProps) {
  const nowMs = useNowMs();
  const lasts = (one: Quarantine) => one.active && (nowMs === null || Date.parse(one.expiresAt) > nowMs);
  const active = quarantines.filter(lasts);
  const ended = quarantines.filter((one) => !lasts(one));
  return (
    <>
      <Card aria-label="In quarantine">
        <CardHeader title="In quarantine" note={active.length === 0 ? undefined : String(active.length)} />
        {active.length === 0 ? (
          <EmptyState title="No signal is in quarantine">
            Every signal is judged as the policy says. When one misfires on a release of a phone maker, put it
            into quarantine there until it is fixed.
          </EmptyState>
        ) : (
          <ul className="border-t">
            {active.map((quarantine) => (
              <li
                key={quarantine.id}
                className="flex flex-wrap items-start gap-3 border-b px-4 py-3 last:border-b-0"
              >
                <div className="grid min-w-0 flex-1 basis-72 gap-0.5">
                  <p className="flex flex-wrap items-baseline gap-x-3">
                    <span className="font-medium">{titles[quarantine.threat] ?? quarantine.threat}</span>
                    <span>{quarantine.whenWords}</span>
                    <VerdictLabel verdict="flagged">
                      {nowMs === null
                        ? 'in quarantine'
                        : `${remainingWords(quarantine.expiresAt, nowMs)} left`}
                    </VerdictLabel>
                  </p>
                  <Effect quarantine={quarantine} />
                  <Origin quarantine={quarantine} />
                </div>
                {mayEnd ? (
                  <Button size="sm" onClick={() => onEnd(quarantine)}>
                    End now
                  </Button>
                ) : null}
              </li>
            ))}
          </ul>
        )}
      </Card>
      {ended.length === 0 ? null : <Ended quarantines={ended} titles={titles} />}
    </>
  );
}

/** What it met so far, where telemetry can say. */
function Effect({ quarantine }: { quarantine: Quarantine }) {
  const { data } = useQuery(effectQuery(quarantine));
  if (data === undefined) return null;
  const { found } = data;
  return (
    <p className="text-dim">
      {found.attestations === 0 ? (
        'No attestation carried the signal there yet.'
      ) : (
        <>
          <span className="text-ink">{plural(found.attestations, 'attestation')}</span> of{' '}
          {plural(found.devices, 'device')} carried the signal there since <Time at={data.since} />, out of{' '}
          {formatCount(data.attestations)}, and {found.attestations === 1 ? 'was' : 'were'} not judged by it.
        </>
      )}
    </p>
  );
}

function Origin({ quarantine }: { quarantine: Quarantine }) {
  return (
    <p className="text-sm text-dim">
      by {quarantine.createdByName}, <Time at={quarantine.createdAt} />: “{quarantine.reason}”
    </p>
  );
}

function Ended({ quarantines, titles }: Pick<QuarantineListProps, 'quarantines' | 'titles'>) {
  return (
    <Card aria-label="Ended quarantines">
      <CardHeader title="Ended" />
      <ul className="border-t">
        {quarantines.map((quarantine) => (
          <li key={quarantine.id} className="grid gap-0.5 border-b px-4 py-2.5 last:border-b-0">
            <p className="flex flex-wrap items-baseline gap-x-3">
              <span className="font-medium">{titles[quarantine.threat] ?? quarantine.threat}</span>
              <span>{quarantine.whenWords}</span>
              <span className="ml-auto text-sm text-dim">
                {quarantine.endedAt === null
                  ? 'ran out '
                  : `ended by ${quarantine.endedByName ?? 'somebody'} `}
                <Time at={quarantine.endedAt ?? quarantine.expiresAt} />
              </span>
            </p>
            {quarantine.endReason === null ? null : <p className="text-sm">“{quarantine.endReason}”</p>}
            <Origin quarantine={quarantine} />
          </li>
        ))}
      </ul>
    </Card>
  );
}
