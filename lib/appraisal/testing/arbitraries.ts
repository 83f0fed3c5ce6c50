import fc from 'fast-check';
import {
  APP_ACCESS_RISKS,
  type Condition,
  DEVICE_LABELS,
  EVIDENCE_CODES,
  NETWORK_KINDS,
  PLAY_PROTECT_VERDICTS,
  POLICY_SCHEMA_VERSION,
  type Policy,
  type PolicyRequirements,
  type QuarantineSnapshot,
  RESPONSES,
  RULED_THREATS,
  THREATS,
} from '@/lib/contracts';
import type { AppraisalInput } from '../input';
import { judgedIntegrity } from '../judged-integrity';
import { ANDROID, DAY_SECONDS, DEMANDING, INTEGRITY, IOS, LENIENT, NOW_MS } from './attestation';

const RULED = new Set<string>(RULED_THREATS);
/** Any threat that a policy has a response for. */
export const threatArbitrary = fc.constantFrom(...THREATS.map(({ id }) => id).filter((id) => !RULED.has(id)));
/** The few that make generated parts meet. */
const commonThreat = fc.constantFrom(
  'hooks',
  'privileged_access',
  'blocked',
  'evidence_stale',
  'integrity_verdict_low',
  'sources_disagree',
);
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

export const RULES = [
  '"hooks" in threats && platform == "ios"',
  'claims.patch_age_days > 30',
  'has(claims.boot_state) && claims.boot_state != "verified"',
  'version_at_least(app_version, "5.5")',
  'country == "FR" || network_kind == "hosting"',
  'threats.exists(t, t.startsWith("priv"))',
  '10 / (size(threats) - 1) > 3',
  '!("MEETS_STRONG_INTEGRITY" in claims.play_labels)',
  'has(claims.play_labels) && "sources_disagree" in threats',
];

/** Asks for a verdict that is young enough. */
const ASKS_LITTLE: NonNullable<PolicyRequirements['integrity']> = {
  deviceLabel: null,
  minSdkVersion: null,
  recognized: false,
  licensed: false,
  playProtect: null,
  refusedAppAccess: [],
  maxActivityLevel: null,
  maxAgeSeconds: 60,
};

/** Any policy that the schema admits. */
export const policyArbitrary: fc.Arbitrary<Policy> = fc.record({
  schema: fc.constant(POLICY_SCHEMA_VERSION),
  threats: fc.dictionary(anyThreat, responseArbitrary),
  conditions: fc
    .array(fc.record({ threat: anyThreat, when: conditionArbitrary, response: responseArbitrary }), {
      maxLength: 5,
    })
    .map((list) => list.map((one, index) => ({ ...one, id: `c${index}` }))),
  requirements: fc.constantFrom<PolicyRequirements>(
    LENIENT,
    DEMANDING,
    {
      ...DEMANDING,
      minOsVersion: { ios: '26', android: '15' },
      appVersions: { ios: { allowed: [{ from: '5.4' }], withdrawn: ['5.10.1'] } },
      maxAttestedKeys: 5,
    },
    { ...LENIENT, integrity: ASKS_LITTLE },
    {
      ...DEMANDING,
      integrity: {
        deviceLabel: 'strong',
        minSdkVersion: 33,
        recognized: true,
        licensed: true,
        playProtect: ['NO_ISSUES', 'NO_DATA'],
        refusedAppAccess: ['UNKNOWN_CAPTURING', 'UNKNOWN_OVERLAYS'],
        maxActivityLevel: 2,
        maxAgeSeconds: 3_600,
      },
    },
  ),
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

const labelOf = (known: readonly string[]) =>
  fc.oneof(fc.constantFrom(...known), fc.constantFrom('', 'UNEVALUATED', 'a:b|c+d', '\ud800'));

/** A verdict of Play Integrity as the appraisal reads it, or none. */
const integrityArbitrary = fc
  .option(
    fc.record({
      requestedAtMs: fc.constantFrom(
        NOW_MS + 2_000,
        NOW_MS,
        NOW_MS - 60_000,
        NOW_MS - 60_001,
        NOW_MS - 3_600_500,
      ),
      recognition: fc.option(labelOf(['PLAY_RECOGNIZED', 'UNRECOGNIZED_VERSION'])),
      deviceLabels: fc.array(labelOf(Object.values(DEVICE_LABELS)), { maxLength: 4 }),
      sdkVersion: fc.option(fc.constantFrom(32, 33, 36)),
      activityLevel: fc.option(labelOf(['LEVEL_1', 'LEVEL_3', 'LEVEL_9'])),
      licensing: fc.option(labelOf(['LICENSED', 'UNLICENSED'])),
      playProtect: fc.option(labelOf(PLAY_PROTECT_VERDICTS)),
      appsDetected: fc.option(fc.array(labelOf(APP_ACCESS_RISKS), { maxLength: 3 })),
    }),
  )
  .map((said) => judgedIntegrity(said === null ? null : { ...INTEGRITY, ...said }, NOW_MS));

/** Anything that can be known of an attestation. */
export const inputArbitrary: fc.Arbitrary<AppraisalInput> = fc
  .tuple(
    integrityArbitrary,
    fc.record({
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
    }),
  )
  .map(([integrity, rest]) => ({ ...rest, ...integrity }));
