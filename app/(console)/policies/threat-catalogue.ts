import type { ThreatCatalogue } from '@/components/policies/editor/prepare-threats';
import { CATALOGUE_VERSIONS, HARD_THREATS, RULED_THREATS, THREATS } from '@/lib/contracts';

/** The threats that policies answer, as pages hand them to the browser: what only rules raise has no response of its own. */
export const THREAT_CATALOGUE: ThreatCatalogue = {
  attackVersion: CATALOGUE_VERSIONS.attack,
  masweVersion: CATALOGUE_VERSIONS.maswe,
  threats: THREATS.filter(({ id }) => !RULED_THREATS.some((ruled) => ruled === id)).map(
    ({ id, title, component, platforms, source, attack, maswe }) => ({
      ...{ id, title, component, platforms, source, attack, maswe },
      isHard: HARD_THREATS.some((hard) => hard === id),
    }),
  ),
};
