import type { ConditionalResponse, Policy, Response } from '@/lib/contracts';
import { isSame, responseTo } from './policy-parts';

/** What the catalogue holds of a threat; the page hands it over, so that the browser need not load the catalogue. */
export interface ThreatFacts {
  id: string;
  title: string;
  component: 'app' | 'device' | 'channel' | 'backend';
  platforms: readonly ('android' | 'ios')[];
  source: 'runtime' | 'evidence' | 'server';
  /** MITRE ATT&CK Mobile technique ids. */
  attack: readonly string[];
  /** OWASP MASWE ids. */
  maswe: readonly string[];
  /** Always answered with `reject`, whatever a policy says. */
  isHard: boolean;
}

/** The catalogue, with the versions that its ids refer to. */
export interface ThreatCatalogue {
  threats: readonly ThreatFacts[];
  attackVersion: string;
  masweVersion: string;
}

/** One threat with what the policy answers and how that stands to others. */
export interface ThreatRow extends ThreatFacts {
  response: Response;
  /** What the version in force answers, where that is another response. */
  was: Response | null;
  conditions: readonly { condition: ConditionalResponse; isChanged: boolean }[];
  /** Conditions of the version in force that are gone. */
  removed: readonly ConditionalResponse[];
  /** `null` where there is no baseline. */
  baseline: { response: Response; isOverridden: boolean } | null;
  isChanged: boolean;
}

export interface ThreatGroup {
  component: ThreatFacts['component'];
  label: string;
  rows: readonly ThreatRow[];
}

const GROUPS: readonly (readonly [ThreatFacts['component'], string])[] = [
  ['app', 'App'],
  ['device', 'Device'],
  ['channel', 'Channel'],
  ['backend', 'Backend'],
];

export interface PreparedFor {
  policy: Policy;
  inForce: Policy;
  baseline: Policy | null;
}

/** Every threat of the catalogue by the component that it is about, as a policy answers it. */
export function prepareThreats(
  threats: readonly ThreatFacts[],
  about: PreparedFor,
  filter: { text: string; onlyChanged: boolean } = { text: '', onlyChanged: false },
): ThreatGroup[] {
  const wanted = filter.text.trim().toLowerCase();
  return GROUPS.map(([component, label]) => ({
    component,
    label,
    rows: threats
      .filter((threat) => threat.component === component)
      .filter(({ id, title, attack, maswe }) =>
        [id, title, ...attack, ...maswe].join(' ').toLowerCase().includes(wanted),
      )
      .map((threat) => rowOf(threat, about))
      .filter(({ isChanged }) => isChanged || !filter.onlyChanged),
  })).filter(({ rows }) => rows.length > 0);
}

function rowOf(threat: ThreatFacts, { policy, inForce, baseline }: PreparedFor): ThreatRow {
  const of = (some: Policy) => (some.conditions ?? []).filter((condition) => condition.threat === threat.id);
  const [response, before] = [responseTo(policy, threat.id), responseTo(inForce, threat.id)];
  const old = new Map(of(inForce).map((condition) => [condition.id, condition]));
  const conditions = of(policy).map((condition) => ({
    condition,
    isChanged: !isSame(condition, old.get(condition.id)),
  }));
  const removed = [...old.values()].filter(
    ({ id }) => !conditions.some(({ condition }) => condition.id === id),
  );
  const inherited = baseline === null ? null : responseTo(baseline, threat.id);
  return {
    ...threat,
    response,
    was: response === before ? null : before,
    conditions,
    removed,
    baseline: inherited === null ? null : { response: inherited, isOverridden: inherited !== response },
    isChanged: response !== before || removed.length > 0 || conditions.some(({ isChanged }) => isChanged),
  };
}
