import { z } from 'zod';

/** Longest that raw evidence is kept, in days. */
export const MAX_ARCHIVE_DAYS = 400;

/** For how long an app's raw evidence is to be kept; 0 archives nothing any more, and lets go of what there is. */
export const archiveChangeSchema = z.strictObject({
  /** Revision of the app that the editor saw. */
  basedOn: z.number().int(),
  archiveDays: z.number().int().min(0).max(MAX_ARCHIVE_DAYS),
  reason: z.string().trim().min(3).max(500),
});
export type ArchiveChange = z.infer<typeof archiveChangeSchema>;

export const archiveSettingsSchema = z.object({
  revision: z.number().int(),
  archiveDays: z.number().int(),
  /** Oldest piece of raw evidence that is kept; `null` where there is none. */
  oldestAt: z.iso.datetime().nullable(),
  seq: z.number().int().nullable(),
});
export type ArchiveSettings = z.infer<typeof archiveSettingsSchema>;
