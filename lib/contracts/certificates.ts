import { z } from 'zod';
import { MAX_PINS, spkiSha256Schema } from './app-config';
import { appIdSchema } from './protocol';
import { reasonSchema } from './reason';

/* Protected origins, their pins, probes and rotations. Times are RFC 3339 in UTC. */

const at = z.iso.datetime({ offset: true });

/** What a probe can end with; only `ok` has a chain. */
export const PROBE_OUTCOMES = [
  'ok',
  'name_not_found',
  'address_refused',
  'connection_refused',
  'host_unreachable',
  'connect_timeout',
  'handshake_timeout',
  'connection_closed',
  'not_tls',
  'chain_too_large',
  'chain_unreadable',
  'handshake_failed',
] as const;
export type ProbeOutcome = (typeof PROBE_OUTCOMES)[number];

/** What can be wrong with a certificate, whatever is pinned. */
export const CERTIFICATE_FINDINGS = ['expired', 'not_yet_valid', 'wrong_name', 'untrusted_issuer'] as const;
export type CertificateFinding = (typeof CERTIFICATE_FINDINGS)[number];

/**
 * What can be wrong with a pin set that devices enforce. `no_match`: no pin is in the chain that the origin presents;
 * `no_backup`: every pin is in it, so that nothing is left when its keys are lost; `never_probed`: neither can be told.
 */
export const PIN_PROBLEMS = ['no_match', 'no_backup', 'never_probed'] as const;
export type PinProblem = (typeof PIN_PROBLEMS)[number];

/** What a device's failure turned out to be, once its chain was read. */
export const PIN_FAILURE_KINDS = ['expired', 'mismatch', 'outdated_pins'] as const;
export type PinFailureKind = (typeof PIN_FAILURE_KINDS)[number];

export const ROTATION_STATES = ['adopting', 'switching', 'confirmed', 'finished', 'cancelled'] as const;
export type RotationState = (typeof ROTATION_STATES)[number];

/** Days before a certificate expires at which a warning begins, the mildest first. */
export const EXPIRY_WARNING_DAYS = [30, 14, 7] as const;
/** Devices that were seen in so many days are those that a rotation must not cut off. */
export const ADOPTION_WINDOW_DAYS = 7;

/** Where pins come from. */
export const PIN_SOURCES = ['certificate', 'csr', 'public_key', 'digest', 'probe'] as const;
export const pinSourceSchema = z.enum(PIN_SOURCES);
export type PinSource = z.infer<typeof pinSourceSchema>;

const pinLabelSchema = z.string().trim().max(80);

/** A pin as its set holds it. */
export const pinSchema = z.strictObject({
  spkiSha256: spkiSha256Schema,
  label: pinLabelSchema,
  source: pinSourceSchema,
});
export type Pin = z.infer<typeof pinSchema>;

const hostSchema = z
  .string()
  .trim()
  .transform((text) => text.toLowerCase().replace(/\.$/, ''))
  .pipe(
    z
      .string()
      .max(253)
      .regex(
        /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
        'must be a host name such as api.example.com, without a scheme, a port or a path',
      ),
  );

/** What is entered to have an origin watched. */
export const originRegistrationSchema = z.strictObject({
  appId: appIdSchema,
  host: hostSchema,
  port: z.number().int().min(1).max(65_535).default(443),
  /** Name for the TLS handshake where it is not the host. */
  serverName: hostSchema.nullable().default(null),
  includeSubdomains: z.boolean().default(false),
});
export type OriginRegistration = z.infer<typeof originRegistrationSchema>;

export const originRemovalSchema = z.strictObject({ reason: reasonSchema });

/** Longest text that pins are read from, in characters. */
export const MAX_PIN_MATERIAL = 65_536;
export const pinMaterialSchema = z.strictObject({ material: z.string().min(1).max(MAX_PIN_MATERIAL) });
export const pinsReadSchema = z.object({
  keys: z.array(
    z.object({ spkiSha256: z.string(), source: pinSourceSchema, subject: z.string().nullable() }),
  ),
});
export type PinsRead = z.infer<typeof pinsReadSchema>;

/** A pin set to be published. `basedOn` is the version that the editor started from, `null` for the first. */
export const pinPublicationSchema = z.strictObject({
  basedOn: z.number().int().nullable(),
  pins: z.array(pinSchema).max(MAX_PINS),
  reportOnly: z.boolean(),
  reason: reasonSchema,
  /** Publishes it although it could cut the app off. */
  override: z.boolean().default(false),
});
export type PinPublication = z.infer<typeof pinPublicationSchema>;

/** Begins a rotation. The new pin may be in the set already, as a backup usually is. */
export const rotationStartSchema = z.strictObject({
  basedOn: z.number().int(),
  oldPin: spkiSha256Schema,
  newPin: pinSchema,
  /** A further pin to be held in reserve, needed where the new one is the only backup. */
  backup: pinSchema.nullable().default(null),
  targetShare: z.number().min(0.5).max(1).default(0.99),
  reason: reasonSchema,
});
export type RotationStart = z.infer<typeof rotationStartSchema>;

/** The next step of a rotation. `override` goes on although devices would be cut off. */
export const rotationStepSchema = z.strictObject({
  rotationId: z.uuid(),
  step: z.enum(['switch', 'retire', 'cancel']),
  reason: reasonSchema,
  override: z.boolean().default(false),
});
export type RotationStep = z.infer<typeof rotationStepSchema>;

/** One certificate of a chain, the leaf's first. */
export const chainCertificateSchema = z.object({
  subject: z.string(),
  issuer: z.string(),
  serial: z.string(),
  notBefore: at,
  notAfter: at,
  spkiSha256: z.string(),
  /** SHA-256 of the certificate, lower-case hexadecimal. */
  fingerprint: z.string(),
});
export type ChainCertificate = z.infer<typeof chainCertificateSchema>;

export const probeViewSchema = z.object({
  id: z.uuid(),
  probedAt: at,
  requestedByName: z.string().nullable(),
  outcome: z.enum(PROBE_OUTCOMES),
  /** Address that was connected to. */
  address: z.string().nullable(),
  protocol: z.string().nullable(),
  durationMs: z.number().int(),
  chain: z.array(chainCertificateSchema),
  findings: z.array(z.enum(CERTIFICATE_FINDINGS)),
});
export type ProbeView = z.infer<typeof probeViewSchema>;

export const pinSetViewSchema = z.object({
  version: z.number().int(),
  pins: z.array(pinSchema),
  reportOnly: z.boolean(),
  reason: z.string(),
  overridden: z.array(z.enum(PIN_PROBLEMS)),
  publishedByName: z.string(),
  publishedAt: at,
  seq: z.number().int(),
});
export type PinSetView = z.infer<typeof pinSetViewSchema>;

/** Devices seen in the last `ADOPTION_WINDOW_DAYS`, by whether they held a configuration version when they attested. */
export const adoptionSchema = z.object({ devices: z.number().int(), holding: z.number().int() });
export type Adoption = z.infer<typeof adoptionSchema>;

export const rotationViewSchema = z.object({
  id: z.uuid(),
  state: z.enum(ROTATION_STATES),
  newPin: z.string(),
  oldPin: z.string(),
  addedInVersion: z.number().int(),
  targetShare: z.number(),
  adoption: adoptionSchema,
  /** Devices that would refuse the server if it switched now; none where the set only reports. */
  cutOffNow: z.number().int(),
  /** Whether enough devices hold the new pin. */
  isSafe: z.boolean(),
  startedAt: at,
  startedByName: z.string(),
  switchedAt: at.nullable(),
  switchedByName: z.string().nullable(),
  cutOffAtSwitch: z.number().int().nullable(),
  confirmedAt: at.nullable(),
  endedAt: at.nullable(),
  endedByName: z.string().nullable(),
});
export type RotationView = z.infer<typeof rotationViewSchema>;

/** Which warning an expiry is worth. */
export const expiryWarningSchema = z.enum(['expired', '7d', '14d', '30d']).nullable();

export const originViewSchema = z.object({
  id: z.uuid(),
  appId: z.string(),
  appName: z.string(),
  host: z.string(),
  port: z.number().int(),
  serverName: z.string().nullable(),
  includeSubdomains: z.boolean(),
  createdAt: at,
  createdByName: z.string(),
  /** Since when somebody waits for a probe. */
  probeRequestedAt: at.nullable(),
  /** The newest probe, and the newest that read a chain. */
  probe: probeViewSchema.nullable(),
  lastChain: probeViewSchema.nullable(),
  pinSet: pinSetViewSchema.nullable(),
  /** What is wrong with the set in force, held against the last chain. */
  problems: z.array(z.enum(PIN_PROBLEMS)),
  /** When the first certificate of the last chain expires, and the warning that this is worth. */
  expiresAt: at.nullable(),
  expiryWarning: expiryWarningSchema,
  rotation: rotationViewSchema.nullable(),
  /** Failures that devices reported in the last seven days. */
  failures: z.object({ reports: z.number().int(), devices: z.number().int() }),
});
export type OriginView = z.infer<typeof originViewSchema>;
export const originListSchema = z.object({ origins: z.array(originViewSchema) });
export type OriginList = z.infer<typeof originListSchema>;

/** Failures with one key on one network. `seenBy` says who else presents the key. */
export const pinFailureGroupSchema = z.object({
  kind: z.enum(PIN_FAILURE_KINDS),
  networkPrefix: z.string(),
  networkKind: z.string(),
  asn: z.number().int().nullable(),
  country: z.string().nullable(),
  leafPin: z.string(),
  leafSubject: z.string(),
  leafIssuer: z.string(),
  leafNotAfter: at,
  devices: z.number().int(),
  reports: z.number().int(),
  firstAt: at,
  lastAt: at,
  /** `server`: our own probe sees this key too; `one_network`: nobody elsewhere does; `several_networks`. */
  seenBy: z.enum(['server', 'one_network', 'several_networks']),
});
export type PinFailureGroup = z.infer<typeof pinFailureGroupSchema>;

export const originDetailSchema = originViewSchema.extend({
  probes: z.array(probeViewSchema),
  versions: z.array(pinSetViewSchema),
  rotations: z.array(rotationViewSchema.omit({ adoption: true, cutOffNow: true, isSafe: true })),
  /** Devices by the configuration version that they held, the newest version first. */
  adoption: z.array(z.object({ version: z.number().int(), devices: z.number().int() })),
  failureGroups: z.array(pinFailureGroupSchema),
});
export type OriginDetail = z.infer<typeof originDetailSchema>;

/** What an act on pins answers: `seq` is the change whose enforcement can be watched, where there is one. */
export const pinActSchema = z.object({
  originId: z.uuid(),
  version: z.number().int(),
  seq: z.number().int(),
});
export type PinAct = z.infer<typeof pinActSchema>;
export const rotationActSchema = z.object({
  rotationId: z.uuid(),
  state: z.enum(ROTATION_STATES),
  seq: z.number().int().nullable(),
});
export type RotationAct = z.infer<typeof rotationActSchema>;

const base64url = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .regex(/^[A-Za-z0-9_-]+$/, 'must be base64url without padding');

/** What a device reports when pinning failed: the chain that it was shown, the leaf's certificate first. */
export const pinFailureReportSchema = z.strictObject({
  host: hostSchema,
  chain: z.array(base64url(11_000)).min(1).max(4),
});
export type PinFailureReport = z.infer<typeof pinFailureReportSchema>;
/** What the report was taken for. */
export const pinFailureAnswerSchema = z.object({ kind: z.enum(PIN_FAILURE_KINDS) });

/** Of which apps; none means all that the reader may see. */
export const nextExpiryQuerySchema = z.object({ app: z.array(z.string().max(128)).max(50).default([]) });
/** Which certificate expires first; `next` is `null` where no chain was read yet. */
export const nextExpirySchema = z.object({
  origins: z.number().int(),
  next: z
    .object({
      originId: z.string(),
      host: z.string(),
      expiresAt: z.iso.datetime(),
      /** Whole days that are left, below zero once it has expired. */
      days: z.number().int(),
      warning: expiryWarningSchema,
    })
    .nullable(),
});
export type NextExpiry = z.infer<typeof nextExpirySchema>;
