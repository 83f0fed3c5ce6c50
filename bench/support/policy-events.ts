import { type AppraisalInput, encodeFacts } from '@/lib/appraisal';
import type { EvidenceClaims, NetworkKind } from '@/lib/contracts';
import { newId, newReference } from '@/lib/core';
import type { Database } from '@/lib/db';
import { type BenchDevice, makeDevices, seededRandom } from './attestations';

/*
 * What a fleet attests with, as it is judged: few combinations are common, many are rare, and one in twenty has a finding.
 */

const PATCHES = ['2026-10', '2026-09', '2026-08', '2026-06', '2026-03', '2025-11', '2024-08'];
const FINDINGS = [
  'hooks',
  'privileged_access',
  'debugger',
  'screenshot',
  'unofficial_store',
  'passcode_missing',
];
const NETWORKS: readonly NetworkKind[] = [
  'access',
  'access',
  'access',
  'access',
  'private',
  'hosting',
  'unknown',
];
const BATCH = 5_000;

/** One attestation, with whom it is of. */
export interface PolicyEvent {
  readonly device: BenchDevice;
  readonly input: AppraisalInput;
}

/** `count` attestations of `devices` devices, one millisecond apart, the last one at `endMs`. */
export function makePolicyEvents(count: number, devices: number, endMs: number): PolicyEvent[] {
  const random = seededRandom(7);
  const pick = <Value>(values: readonly Value[]): Value => {
    const value = values[Math.floor(random() ** 2 * values.length)];
    if (value === undefined) throw new TypeError('There are no values.');
    return value;
  };
  const fleet = makeDevices(devices, random).map((device) => ({
    device,
    claims: claimsOf(device, pick(PATCHES)),
    networkKind: pick(NETWORKS),
  }));
  return Array.from({ length: count }, (_, index) => {
    const { device, claims, networkKind } = pick(fleet);
    const { platform, appVersion, osVersion, model, country } = device;
    return {
      device,
      input: {
        client: { platform, appVersion, osVersion, model, country, networkKind },
        claims,
        failure: random() < 0.002 ? 'assertion_bad_signature' : null,
        runtimeThreats: random() < 0.05 ? [pick(FINDINGS)] : [],
        serverThreats: networkKind === 'hosting' ? ['hosting_network'] : [],
        appVersion: { registered: appVersion !== '5.2.0', withdrawn: false, belowMinimum: false },
        evidenceAgeSeconds: Math.floor(random() * 40 * 86_400),
        nowMs: endMs - count + index + 1,
      },
    };
  });
}

function claimsOf({ platform }: BenchDevice, osPatchLevel: string): EvidenceClaims {
  const isAndroid = platform === 'android';
  return {
    format: isAndroid ? 'android-key-attestation' : 'apple-app-attest',
    ...{ platform, environment: 'production', publicKey: '', keyId: '', anchor: '' },
    securityLevel: isAndroid ? 'tee' : 'secure_enclave',
    boot: isAndroid ? { deviceLocked: true, state: 'verified', bootKey: '', bootHash: null } : null,
    app: { id: '', version: null, signerDigests: [] },
    ...{ osVersion: null, vendorPatchLevel: null, bootPatchLevel: null, attestationVersion: null },
    osPatchLevel: isAndroid ? osPatchLevel : null,
    ...{ provisioning: null, certificatesIssued: null, validationCategory: null },
  };
}

/** Stores attestations of one app, with a detail as long as real ones have. */
export async function storePolicyEvents(
  { sql }: Database,
  appId: string,
  events: readonly PolicyEvent[],
): Promise<void> {
  const detail = JSON.stringify({ checks: 'x'.repeat(1_800) });
  for (let start = 0; start < events.length; start += BATCH) {
    const part = events.slice(start, start + BATCH);
    const column = (of: (event: PolicyEvent) => string | number | null) => part.map(of);
    await sql`
      insert into attestation_events (subject_id, received_at, id, reference, kind, app_id, instance_id, verdict,
        policy_version, platform, environment, app_version, os_version, model, country, network_kind, threats, detail,
        latency_us, node, facts)
      select t.device::uuid, to_timestamp(t.ms / 1000), t.id::uuid, t.reference, 'attest', ${appId}, t.device::uuid,
        'trusted', 1, t.platform, 'production', t.app_version, t.os_version, t.model, t.country, t.network_kind, '{}',
        ${detail}::jsonb, 1, 'bench', t.facts
      from unnest(${column(({ device }) => device.id)}::text[], ${column(({ input }) => input.nowMs)}::float8[],
        ${column(({ input }) => newId(input.nowMs))}::text[], ${column(() => newReference())}::text[],
        ${column(({ device }) => device.platform)}::text[], ${column(({ device }) => device.appVersion)}::text[],
        ${column(({ device }) => device.osVersion)}::text[], ${column(({ device }) => device.model)}::text[],
        ${column(({ device }) => device.country)}::text[], ${column(({ input }) => input.client.networkKind)}::text[],
        ${column(({ input }) => encodeFacts(input))}::text[]) as t(device, ms, id, reference, platform, app_version,
        os_version, model, country, network_kind, facts)`;
  }
}
