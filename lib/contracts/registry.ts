import { z } from 'zod';
import { apiSnapshotSchema, appSnapshotSchema, trustAnchorSchema } from './changes';
import { platformSchema } from './evidence';
import { policyTemplateSchema } from './policy';
import { appIdSchema } from './protocol';

/* Apps and protected APIs, as an admin registers them and the console shows them. */

const at = z.iso.datetime({ offset: true });

const slugList = (pattern: RegExp, message: string, max = 20) =>
  z.array(z.string().regex(pattern, message)).max(max);

/** Ids under which the console has pages of its own. */
const RESERVED_APP_IDS: ReadonlySet<string> = new Set(['baseline', 'new']);

/** What an admin enters to register an app. At least one platform's identity is required. */
export const appRegistrationSchema = z
  .strictObject({
    id: appIdSchema.refine((id) => !RESERVED_APP_IDS.has(id), 'names a page of the console'),
    name: z.string().trim().min(1).max(80),
    environment: z.enum(['production', 'development']),
    appleTeamId: z
      .string()
      .regex(/^[A-Z0-9]{10}$/, 'is 10 capitals or digits')
      .nullable(),
    appleBundleIds: slugList(/^[A-Za-z0-9.-]{3,155}$/, 'is not a bundle id'),
    appleEnvironments: z.array(z.enum(['production', 'development'])).max(2),
    androidPackages: slugList(/^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)+$/, 'is not a package name'),
    androidSignerDigests: slugList(/^[0-9a-f]{64}$/, 'is not a SHA-256 in lower-case hex'),
    trustAnchors: z.array(trustAnchorSchema).max(5),
    versions: z
      .array(z.strictObject({ platform: platformSchema, version: z.string().trim().min(1).max(64) }))
      .max(100),
    policyTemplate: policyTemplateSchema,
  })
  .superRefine((app, context) => {
    const ios = app.appleTeamId !== null && app.appleBundleIds.length > 0;
    const android = app.androidPackages.length > 0;
    const complain = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (!ios && !android)
      complain('appleBundleIds', 'register at least one iOS bundle id or one Android package');
    if (app.appleBundleIds.length > 0 && app.appleTeamId === null)
      complain('appleTeamId', 'is needed with a bundle id');
    if (ios && app.appleEnvironments.length === 0) complain('appleEnvironments', 'choose at least one');
    if (android && app.androidSignerDigests.length === 0) {
      complain('androidSignerDigests', 'is needed: a package name without its signer proves nothing');
    }
    if (app.environment === 'production' && app.trustAnchors.length > 0) {
      complain('trustAnchors', 'are for development apps only');
    }
  });
export type AppRegistration = z.infer<typeof appRegistrationSchema>;

export const appViewSchema = appSnapshotSchema.extend({
  revision: z.number().int(),
  createdAt: at,
  updatedAt: at,
  apis: z.array(apiSnapshotSchema),
  attestations24h: z.number(),
  devices24h: z.number(),
});
export type AppView = z.infer<typeof appViewSchema>;
/** What registering an app answers: `seq` is the change whose enforcement can be watched. */
export const appRegisteredSchema = appViewSchema.extend({ seq: z.number().int() });
export type AppRegistered = z.infer<typeof appRegisteredSchema>;
/** What registering a protected API answers, likewise. */
export const apiRegisteredSchema = apiSnapshotSchema.extend({ seq: z.number().int() });
export type ApiRegistered = z.infer<typeof apiRegisteredSchema>;
export const appListSchema = z.object({ apps: z.array(appViewSchema) });
