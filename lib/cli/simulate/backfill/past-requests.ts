import type { DecisionOutcome } from '@/lib/contracts';
import type { ClientNetwork, NetworkReader } from '@/lib/service';
import type { ChallengeCounter, RequestCounters, SettledAttestation } from '@/lib/telemetry';
import { DEMO_APPS, demoApp } from '../../demo-apps';
import type { AddressBook } from '../networks';
import type { Random } from '../random';
import { drawId } from './seeded';

/** What counts the requests and challenges of one writer. */
export interface Counters {
  readonly requests: RequestCounters;
  readonly challenges: ChallengeCounter;
}

/** Requests that an app makes with a token, on average, besides the first; and how long it has it. */
const MORE_CALLS = 3;
const TOKEN_LIFE_MS = 300_000;
/** Share of refused apps that call their API all the same, and of attestations beside which a script calls. */
const CALLS_WITHOUT_TOKEN = 0.3;
const SCRIPTED = 0.04;
/** Challenges that are asked for and not used. */
const ABANDONED = 0.03;

const SCRIPTS: readonly [Attempted, ...Attempted[]] = [
  { weight: 12, outcome: 'missing' },
  { weight: 3, outcome: 'bad_signature' },
  { weight: 3, outcome: 'expired' },
  { weight: 2, outcome: 'malformed' },
  { weight: 1, outcome: 'binding_mismatch' },
];
interface Attempted {
  weight: number;
  outcome: DecisionOutcome;
}

/** Counts what happened around attestations: challenges before them, requests after them, and scripts beside them. */
export function countTraffic(
  settled: readonly SettledAttestation[],
  { requests, challenges }: Counters,
  by: { random: Random; addresses: AddressBook; networks: NetworkReader; endMs: number },
): void {
  const { random } = by;
  for (const { event } of settled) {
    const { appId, receivedAtMs, networkKind } = event;
    challenges.count(appId, receivedAtMs);
    if (random.next() < ABANDONED) challenges.count(appId, receivedAtMs);
    const apiId = demoApp(appId).api.id;
    const calls = event.verdict === 'rejected' ? 0 : 1 + random.arrivals(MORE_CALLS);
    for (let made = 0; made < calls; made++) {
      const atMs = Math.min(by.endMs, receivedAtMs + random.integer(TOKEN_LIFE_MS));
      requests.count({ appId, apiId, outcome: 'valid', networkKind }, atMs);
    }
    if (calls === 0 && random.next() < CALLS_WITHOUT_TOKEN) {
      requests.count({ appId, apiId, outcome: 'missing', networkKind }, receivedAtMs);
    }
    if (random.next() < SCRIPTED)
      refuse(requests, by.networks.read(by.addresses.script(random)), event, random);
  }
}

function refuse(
  requests: RequestCounters,
  network: ClientNetwork,
  { appId, receivedAtMs }: SettledAttestation['event'],
  random: Random,
): void {
  const { outcome } = random.weighted(SCRIPTS);
  const { api } = DEMO_APPS.find(({ id }) => id === appId) ?? DEMO_APPS[0];
  requests.count({ appId, apiId: api.id, outcome, networkKind: network.kind }, receivedAtMs);
  if (!requests.admits(network.prefix, outcome, receivedAtMs)) return;
  requests.keep({
    receivedAtMs,
    id: drawId(random, receivedAtMs),
    appId,
    apiId: api.id,
    instanceId: null,
    outcome,
    isEnforced: api.mode === 'enforce',
    networkKind: network.kind,
    networkPrefix: network.prefix,
    addressHash: network.addressHash,
    country: network.country,
    asn: network.asn,
  });
}
