import { z } from 'zod';
import { reasonSchema } from './reason';

/* What verification rests on besides the evidence itself: the endorsers' roots, lists and counts (RFC 9334). */

const at = z.iso.datetime({ offset: true });

/** Something of it that a person must look at. */
export const endorsementAlarmSchema = z.object({
  id: z.string(),
  level: z.enum(['warning', 'critical']),
  text: z.string(),
});
export type EndorsementAlarm = z.infer<typeof endorsementAlarmSchema>;

export const endorsementsSchema = z.object({
  anchors: z.array(
    z.object({
      /** `any` for one that an app registered: it is trusted for every format. */
      format: z.enum(['apple-app-attest', 'apple-receipt', 'android-key-attestation', 'any']),
      name: z.string(),
      spkiSha256: z.string(),
      notBefore: at,
      notAfter: at,
      /** `null` for the vendors' roots, which come with the product. */
      app: z.object({ id: z.string(), name: z.string() }).nullable(),
    }),
  ),
  statusList: z.object({
    source: z.string().nullable(),
    digest: z.string().nullable(),
    entries: z.number().int(),
    previousEntries: z.number().int().nullable(),
    /** When its source last confirmed it; `null` while there is none. */
    fetchedAt: at.nullable(),
    changedAt: at.nullable(),
    checkedAt: at.nullable(),
    nextCheckAt: at,
    attempts: z.number().int(),
    lastError: z.string().nullable(),
    maxAgeHours: z.number().int().nullable(),
    /** Production apps with Android packages: those that refuse without it. */
    concernedApps: z.number().int(),
  }),
  /** Apps with an Apple team, and the key with which receipts are renewed. */
  teams: z.array(
    z.object({
      appId: z.string(),
      appName: z.string(),
      teamId: z.string(),
      keyId: z.string().nullable(),
      setAt: at.nullable(),
      setByName: z.string().nullable(),
      renewed: z.number().int(),
      refused: z.number().int(),
      /** Counted up to 1,000. */
      due: z.number().int(),
      lastRenewedAt: at.nullable(),
      lastError: z.string().nullable(),
      pausedUntil: at.nullable(),
    }),
  ),
  /** Apps whose verdicts Google decodes, and what they used of their quota on the day that Google counts now. */
  quotas: z.array(
    z.object({
      appId: z.string(),
      appName: z.string(),
      /** `YYYY-MM-DD`, of California. */
      day: z.string(),
      calls: z.number().int(),
      dailyQuota: z.number().int(),
      /** Verdicts that were not decoded, because the quota was used up. */
      exhausted: z.number().int(),
    }),
  ),
  alarms: z.array(endorsementAlarmSchema),
});
export type EndorsementsView = z.infer<typeof endorsementsSchema>;

export const teamKeyInputSchema = z.strictObject({
  /** Ten characters, as Apple shows it. */
  keyId: z.string().regex(/^[A-Z0-9]{10}$/, 'must be 10 capital letters and digits'),
  /** PKCS #8 in PEM: the content of Apple's `.p8` file. */
  privateKey: z.string().min(1).max(4_096),
  reason: reasonSchema,
});
export type TeamKeyInput = z.infer<typeof teamKeyInputSchema>;

export const teamKeyRemovalSchema = z.strictObject({ reason: reasonSchema });
export type TeamKeyRemoval = z.infer<typeof teamKeyRemovalSchema>;

export const listAgeInputSchema = z.strictObject({
  maxAgeHours: z.number().int().min(1).max(8_760).nullable(),
  reason: reasonSchema,
});
export type ListAgeInput = z.infer<typeof listAgeInputSchema>;

export const endorsementDoneSchema = z.object({ done: z.literal(true) });
export type EndorsementDone = z.infer<typeof endorsementDoneSchema>;
