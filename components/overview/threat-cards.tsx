import { ShieldCheck } from 'lucide-react';
import { BarList } from '@/components/charts/bar-list';
import { greatestAndChosen } from '@/components/charts/filter-state';
import { HeatMap } from '@/components/charts/heat-map';
import { Card, CardHeader } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/states';
import type { MarkedVerdict } from '@/components/ui/verdict-mark';
import type { Overview } from '@/lib/contracts';
import { attestationsHref } from './overview-links';
import { threatShortName } from './overview-words';
import type { ViewControl } from './use-overview-view';

/** Verdict that each threat leads to under the policies in force, by its id. */
export type ThreatTones = Readonly<Record<string, MarkedVerdict>>;

const SHOWN_THREATS = 6;
const SHOWN_VERSIONS = 6;

export interface TopThreatsCardProps {
  threats: Overview['topThreats'];
  /** Whether anything was recorded in the period before: without that nothing is new. */
  compared: boolean;
  tones: ThreatTones;
  control: Pick<ViewControl, 'view' | 'toggle' | 'narrowed'>;
}

/** The threats that decided most attestations, with their change against the period before. One filters the page. */
export function TopThreatsCard({ threats, compared, tones, control }: TopThreatsCardProps) {
  const { view, toggle, narrowed } = control;
  return (
    <Card aria-label="Top threats">
      <CardHeader
        title="Top threats"
        note={compared ? 'attestations · against the period before' : 'attestations'}
      />
      {threats.length === 0 ? (
        <NoThreats narrowed={narrowed} />
      ) : (
        <BarList
          label="Top threats by attestations that they decided"
          count={SHOWN_THREATS}
          tone={(item) => tones[item.id] ?? 'flagged'}
          selected={view.facets.threat ?? []}
          onToggle={(threat) => toggle('threat', threat)}
          items={threats.map(({ threat, title, events, previous }) => ({
            id: threat,
            label: title,
            code: threat,
            value: events,
            previous: compared ? previous : null,
            href: attestationsHref(view, { threat }),
          }))}
        />
      )}
    </Card>
  );
}

/** In which share of each version's attestations which threat decided: an attack hits all, a bad release one. */
export function VersionThreatCard({
  versionThreat,
  control,
}: {
  versionThreat: Overview['versionThreat'];
  control: TopThreatsCardProps['control'];
}) {
  const { threats } = versionThreat;
  const { view, toggle, narrowed } = control;
  const versions = versionThreat.rows.map(({ appVersion, attestations, shares }) => ({
    id: appVersion,
    label: appVersion === '' ? 'unknown' : appVersion,
    total: attestations,
    shares,
  }));
  return (
    <Card aria-label="Version × threat">
      <CardHeader title="Version × threat" note="% of the version’s attestations" />
      {threats.length === 0 ? (
        <NoThreats narrowed={narrowed} />
      ) : (
        <HeatMap
          label="Threats by app version, % of the version’s attestations"
          rowHeading="App version"
          data={{
            columns: threats.map((threat) => ({ id: threat, label: threatShortName(threat) })),
            rows: greatestAndChosen(versions, SHOWN_VERSIONS, view.facets.appVersion ?? []),
          }}
          rows={{
            selected: view.facets.appVersion ?? [],
            onToggle: (appVersion) => toggle('appVersion', appVersion),
          }}
          columns={{
            selected: view.facets.threat ?? [],
            onToggle: (threat) => toggle('threat', threat),
          }}
          hrefOf={(appVersion, threat) => attestationsHref(view, { appVersion, threat })}
        />
      )}
    </Card>
  );
}

function NoThreats({ narrowed }: { narrowed: boolean }) {
  return (
    <EmptyState icon={ShieldCheck} title="No threat decided an attestation">
      {narrowed
        ? 'None of the attestations that the filters let through.'
        : 'In this period every attestation was trusted.'}
    </EmptyState>
  );
}
