import { Card, CardHeader } from '@/components/ui/card';
import { countryName } from '@/components/ui/domain-labels';
import type { Overview } from '@/lib/contracts';
import { OriginList } from './origin-list';
import { attestationsHref, type OverviewView } from './overview-links';
import { networkLabel } from './overview-words';

const SHOWN = 8;
const NOTE = 'attestations · rejected';

/** The countries that attestations come from, where addresses are resolved to countries at all. */
export function CountriesCard({ countries, view }: { countries: Overview['countries']; view: OverviewView }) {
  const known = countries.filter(({ country }) => country !== '');
  return (
    <Card aria-label="Countries">
      <CardHeader title="Countries" {...(known.length === 0 ? {} : { note: NOTE })} />
      {known.length === 0 ? (
        <p className="px-4 pb-3.5 text-dim">
          No country was recorded: addresses are kept as network prefixes, and are not looked up.
        </p>
      ) : (
        <OriginList
          label="Countries by attestations"
          count={SHOWN}
          origins={countries.map(({ country, events, rejected }) => ({
            id: country,
            label: countryName(country),
            events,
            rejected,
            href: attestationsHref(view, { country }),
          }))}
        />
      )}
    </Card>
  );
}

/** The kinds of network that attestations come from. */
export function NetworksCard({ networks, view }: { networks: Overview['networks']; view: OverviewView }) {
  return (
    <Card aria-label="Networks">
      <CardHeader title="Networks" note={NOTE} />
      <OriginList
        label="Kinds of network by attestations"
        count={SHOWN}
        origins={networks.map(({ network, events, rejected }) => ({
          id: network,
          label: networkLabel(network),
          events,
          rejected,
          href: attestationsHref(view, { network }),
        }))}
      />
    </Card>
  );
}
