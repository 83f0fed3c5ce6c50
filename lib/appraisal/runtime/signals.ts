import { THREATS, type ThreatId } from '@/lib/contracts';

/** What an app reported of itself at run time. */
export interface ReportedSignals {
  /** Known threats that were found, in the order of the report, without repeats. */
  threats: ThreatId[];
  /** Found, but under a name that this build does not know: kept for the record, judged by nobody. */
  unknown: string[];
}

/**
 * Names that an app may report, by exact spelling: freeRASP's callbacks and our ids of the same threats. What only
 * evidence or the service can establish is no name here, so that an app cannot put it into the telemetry.
 */
const THREAT_OF_SIGNAL: ReadonlyMap<string, ThreatId> = new Map([
  ...THREATS.filter((threat) => threat.source === 'runtime' || threat.freerasp !== null).map(
    (threat): [string, ThreatId] => [threat.id, threat.id],
  ),
  ...THREATS.flatMap(({ id, freerasp }): [string, ThreatId][] => (freerasp === null ? [] : [[freerasp, id]])),
  // freeRASP for Flutter spells this one differently.
  ['unsecureWiFi', 'unsecure_wifi'],
]);

/** Translates the `signals` of client data; only a value of true is a finding. Unknown names are never an error. */
export function readSignals(signals: Readonly<Record<string, boolean>>): ReportedSignals {
  const threats: ThreatId[] = [];
  const unknown: string[] = [];
  for (const name of Object.keys(signals)) {
    if (signals[name] !== true) continue;
    const threat = THREAT_OF_SIGNAL.get(name);
    if (threat === undefined) unknown.push(name);
    else if (!threats.includes(threat)) threats.push(threat);
  }
  return { threats, unknown };
}
