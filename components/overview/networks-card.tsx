import { Network } from 'lucide-react';
import { Card, CardHeader } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/states';
import type { Overview } from '@/lib/contracts';
import { OriginList } from './origin-list';
import { attestationsHref } from './overview-links';
import { networkWords } from './overview-words';
import type { ViewControl } from './use-overview-view';

const SHOWN = 8;

export interface NetworksCardProps {
  networks: Overview['networks'];
  control: Pick<ViewControl, 'view' | 'toggle'>;
}

/** The kinds of network that attestations come from. A kind filters the page. */
export function NetworksCard({ networks, control }: NetworksCardProps) {
  const { view, toggle } = control;
  return (
    <Card aria-label="Networks">
      <CardHeader title="Networks" {...(networks.length === 0 ? {} : { note: 'attestations · rejected' })} />
      {networks.length === 0 ? (
        <EmptyState icon={Network} title="No network in this period">
          Choose a longer period above, or take a filter off.
        </EmptyState>
      ) : (
        <OriginList
          label="Kinds of network by attestations"
          count={SHOWN}
          selected={view.facets.network ?? []}
          onToggle={(network) => toggle('network', network)}
          origins={networks.map(({ network, events, rejected }) => ({
            id: network,
            ...networkWords(network),
            events,
            rejected,
            href: attestationsHref(view, { network }),
          }))}
        />
      )}
      {networks.length === 0 ? null : <Attribution />}
    </Card>
  );
}

/** The licence of the data asks for it wherever its results are shown. */
function Attribution() {
  return (
    <p className="px-4 pb-3 text-faint text-sm">
      <a href="https://db-ip.com" target="_blank" rel="noreferrer" className="underline underline-offset-2">
        IP Geolocation by DB-IP
      </a>
    </p>
  );
}
