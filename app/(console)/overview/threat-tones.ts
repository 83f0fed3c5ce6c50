import type { ThreatTones } from '@/components/overview/threat-cards';
import { type AppView, RESPONSES, type Response, VERDICT_OF_RESPONSE } from '@/lib/contracts';

/** The verdict that each threat leads to: under the harshest of the apps' policies, where they differ. */
export function threatTones(apps: readonly Pick<AppView, 'policy'>[]): ThreatTones {
  const harshest = new Map<string, Response>();
  for (const { policy } of apps) {
    for (const [threat, response] of Object.entries(policy.threats)) {
      const known = harshest.get(threat);
      if (known === undefined || RESPONSES.indexOf(response) > RESPONSES.indexOf(known)) {
        harshest.set(threat, response);
      }
    }
  }
  return Object.fromEntries(
    [...harshest].map(([threat, response]) => [threat, VERDICT_OF_RESPONSE[response]]),
  );
}
