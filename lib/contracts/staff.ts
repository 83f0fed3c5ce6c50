import { z } from 'zod';

export const ROLES = ['analyst', 'responder', 'admin', 'auditor'] as const;
export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;

/** Everything that the console can ask permission for. What is not granted here is refused. */
export const PERMISSIONS = [
  'telemetry.read',
  'devices.read',
  'apps.read',
  'policies.read',
  'certificates.read',
  'endorsements.read',
  'nodes.read',
  'api_keys.read',
  'api_keys.rotate',
  'api_keys.write',
  'devices.block_short',
  'devices.block',
  'devices.unblock',
  'devices.erase',
  'evidence.export',
  'blocks.wide',
  'blocks.allow',
  'views.write',
  'signing_keys.read',
  'signing_keys.write',
  'cut_offs.write',
  'apps.write',
  'policies.write',
  'policies.quarantine',
  'apps.emergency',
  'certificates.write',
  'endorsements.write',
  'staff.manage',
  'audit.read_own',
  'audit.read',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

const READ: readonly Permission[] = [
  'telemetry.read',
  'devices.read',
  'apps.read',
  'policies.read',
  'certificates.read',
  'endorsements.read',
  'nodes.read',
  'signing_keys.read',
  'api_keys.read',
  'audit.read_own',
];

/** What cuts off every token of a key or of a moment. */
const CUT_OFF: readonly Permission[] = ['signing_keys.write', 'cut_offs.write'];

/** The whole role table: who may do what. */
export const PERMISSIONS_OF_ROLE: Readonly<Record<Role, readonly Permission[]>> = {
  analyst: [...READ, 'views.write', 'devices.block_short'],
  responder: [
    ...READ,
    'views.write',
    'devices.block_short',
    'devices.block',
    'devices.unblock',
    'evidence.export',
    'blocks.wide',
    'blocks.allow',
    'policies.quarantine',
    'apps.emergency',
    'certificates.write',
    'api_keys.rotate',
    ...CUT_OFF,
  ],
  admin: [
    ...READ,
    'views.write',
    'devices.block_short',
    'devices.block',
    'devices.unblock',
    'devices.erase',
    'evidence.export',
    'blocks.wide',
    'blocks.allow',
    'api_keys.rotate',
    'api_keys.write',
    ...CUT_OFF,
    'apps.write',
    'endorsements.write',
    'policies.write',
    'policies.quarantine',
    'apps.emergency',
    'certificates.write',
    'staff.manage',
    'audit.read',
  ],
  auditor: [...READ, 'audit.read'],
};

/** A role for the whole organisation (`appId` null) or for one app. */
export const roleGrantSchema = z.object({ role: roleSchema, appId: z.string().nullable() });
export type RoleGrant = z.infer<typeof roleGrantSchema>;

/** The signed-in person, as the console's pages know them. */
export const currentStaffSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  grants: z.array(roleGrantSchema),
});
export type CurrentStaff = z.infer<typeof currentStaffSchema>;

/** Whether some grant permits this: for the organisation, or for the app in question. */
export function isPermitted(
  grants: readonly RoleGrant[],
  permission: Permission,
  appId: string | null,
): boolean {
  return grants.some(
    (grant) =>
      (grant.appId === null || grant.appId === appId) && PERMISSIONS_OF_ROLE[grant.role].includes(permission),
  );
}
