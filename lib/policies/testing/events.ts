import type { TestDatabase } from '@/drizzle/testing/test-database';
import { type AppraisalInput, appraise, compilePolicy, encodeFacts } from '@/lib/appraisal';
import type { Policy, QuarantineSnapshot } from '@/lib/contracts';
import { newId, newReference } from '@/lib/core';
import { createWriter, recordAttestations } from '@/lib/telemetry';
import { eventOf, pendingOf } from '@/lib/telemetry/testing/events';

/** Records attestations as the service does, each judged under the policy at its own moment. */
export async function recordJudged(
  db: TestDatabase,
  about: { appId: string; version: number; policy: Policy; quarantines?: readonly QuarantineSnapshot[] },
  inputs: readonly AppraisalInput[],
): Promise<{ id: string; reference: string }[]> {
  const compiled = compilePolicy(about.policy, about.quarantines);
  const made = inputs.map((input) => {
    const id = newId(input.nowMs);
    const appraisal = appraise(compiled, input);
    const { client } = input;
    return eventOf({
      ...{ id, subjectId: id, reference: newReference(), receivedAtMs: input.nowMs, appId: about.appId },
      ...{ verdict: appraisal.verdict, decidingRule: appraisal.decidingRule },
      ...{ decidingThreat: appraisal.decidingThreat, policyVersion: about.version },
      ...client,
      threats: appraisal.matched.map(({ threat }) => threat),
      facts: encodeFacts(input),
    });
  });
  await recordAttestations(db.service, made.map(pendingOf), createWriter('test'));
  return made.map(({ id, reference }) => ({ id, reference }));
}

/** Devices that attested in a rollout just now: so many under a version, of which some were rejected. */
export async function recordDevices(
  db: TestDatabase,
  appId: string,
  groups: readonly { version: number; devices: number; rejected: number; shadowRejected?: number }[],
): Promise<void> {
  for (const { version, devices, rejected, shadowRejected = 0 } of groups) {
    await db.owner.sql`
      insert into attestation_events (subject_id, received_at, id, reference, kind, app_id, instance_id, verdict,
        policy_version, platform, environment, app_version, os_version, model, network_kind, threats, detail, latency_us,
        node, shadow_verdict)
      select device, clock_timestamp(), gen_random_uuid(), '0000-0000', 'attest', ${appId}, device,
        case when n <= ${rejected}::int then 'rejected' else 'trusted' end, ${version}, 'ios', 'production', '5', '26', 'm',
        'access', '{}', '{}', 1, 'n', case when n <= ${shadowRejected}::int then 'rejected' else 'trusted' end
      from (select n, gen_random_uuid() as device from generate_series(1, ${devices}::int) as n) made`;
  }
}
