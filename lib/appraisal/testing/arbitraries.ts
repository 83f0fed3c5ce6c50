import fc from 'fast-check';
import {
  type Condition,
  EVIDENCE_CODES,
  NETWORK_KINDS,
  POLICY_SCHEMA_VERSION,
  type Policy,
  type QuarantineSnapshot,
  RESPONSES,
  RULED_THREATS,
  THREATS,
} from '@/lib/contracts';
import type { AppraisalInput } from '../input';
import { ANDROID, DAY_SECONDS, DEMANDING, IOS, LENIENT, NOW_MS } from './attestation';

const RULED = new Set<string>(RULED_THREATS);
/** Any threat that a policy has a response for. */
export const threatArbitrary = fc.constantFrom(...THREATS.map(({ id }) => id).filter((id) => !RULED.has(id)));
/** The few that make generated parts meet. */
const commonThreat = fc.constantFrom('hooks', 'privileged_access', 'blocked', 'evidence_stale');
const anyThreat = fc.oneof(commonThreat, threatArbitrary);
export const responseArbitrary = fc.constantFrom(...RESPONSES);
const versionText = fc.constantFrom(
  '',
  '5',
  '5.4.0',
  '5.10.1',
  '16',
  '26.6',
  '26.6.1',
  '26.7',
  'beta',
  '27-rc',
);

const conditionArbitrary: fc.Arbitrary<Condition> = fc.oneof(
  fc.constantFrom('ios' as const, 'android' as const).map((platform) => ({ platform })),
  fc.constantFrom<Condition>(
    { osVersion: { from: '26.6', below: '26.7' } },
    { osVersion: { below: '16' } },
    { appVersion: { from: '5.5' } },
    { models: ['Pixel*', 'iPhone18,1'] },
    { countries: ['FR', 'DE'] },
    { networkKinds: ['hosting', 'anonymiser'] },
    { platform: 'ios', osVersion: { from: '26' }, countries: ['FR'] },
  ),
);

const RULES = [
  '"hooks" in threats && platform == "ios"',
  'claims.patch_age_days > 30',
  'has(claims.boot_state) && claims.boot_state != "verified"',
  'version_at_least(app_version, "5.5")',
  'country == "FR" || network_kind == "hosting"',
  'threats.exists(t, t.startsWith("priv"))',
  '10 / (size(threats) - 1) > 3',
];

/** Any policy that the schema admits. */
export const policyArbitrary: fc.Arbitrary<Policy> = fc.record({
  schema: fc.constant(POLICY_SCHEMA_VERSION),
  threats: fc.dictionary(anyThreat, responseArbitrary),
  conditions: fc
    .array(fc.record({ threat: anyThreat, when: conditionArbitrary, response: responseArbitrary }), {
      maxLength: 5,
    })
    .map((list) => list.map((one, index) => ({ ...one, id: `c${index}` }))),
  requirements: fc.constantFrom(LENIENT, DEMANDING, {
    ...DEMANDING,
    minOsVersion: { ios: '26', android: '15' },
    appVersions: { ios: { allowed: [{ from: '5.4' }], withdrawn: ['5.10.1'] } },
    maxAttestedKeys: 5,
  }),
  rules: fc
    .array(fc.record({ expression: fc.constantFrom(...RULES), response: responseArbitrary }), {
      maxLength: 4,
    })
    .map((list) => list.map((one, index) => ({ ...one, id: `r${index}`, title: `Rule ${index}` }))),
  tokenTtlSeconds: fc.constant(300),
});

/** Quarantines, some of which are past or yet to come. */
export const quarantinesArbitrary: fc.Arbitrary<QuarantineSnapshot[]> = fc
  .array(
    fc.record({
      threat: anyThreat,
      when: conditionArbitrary,
      fromMs: fc.constantFrom(NOW_MS - 1_000, NOW_MS, NOW_MS + 1),
      toMs: fc.constantFrom(NOW_MS, NOW_MS + 1, NOW_MS + 60_000),
    }),
    { maxLength: 2 },
  )
  .map((list) => list.map((one, index) => ({ ...one, id: `00000000-0000-4000-8000-00000000000${index}` })));

/** Anything that can be known of an attestation. */
export const inputArbitrary: fc.Arbitrary<AppraisalInput> = fc.record({
  client: fc.record({
    platform: fc.constantFrom('ios' as const, 'android' as const, 'unknown' as const),
    appVersion: versionText,
    osVersion: versionText,
    model: fc.constantFrom('', 'Pixel 10', 'iPhone18,1', 'SM-S9'),
    country: fc.constantFrom(null, 'FR', 'US'),
    networkKind: fc.constantFrom(...NETWORK_KINDS),
  }),
  claims: fc.constantFrom(null, ANDROID, IOS, { ...ANDROID, boot: null, osPatchLevel: null }),
  failure: fc.option(fc.constantFrom(...EVIDENCE_CODES), { freq: 4 }),
  runtimeThreats: fc.array(anyThreat, { maxLength: 5 }),
  serverThreats: fc.array(anyThreat, { maxLength: 2 }),
  appVersion: fc.record({
    registered: fc.boolean(),
    withdrawn: fc.boolean(),
    belowMinimum: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
  }),
  evidenceAgeSeconds: fc.nat(100 * DAY_SECONDS),
  nowMs: fc.constant(NOW_MS),
});
