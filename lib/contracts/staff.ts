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
  'nodes.read',
  'devices.block_short',
  'devices.block',
  'devices.unblock',
  'devices.erase',
  'blocks.wide',
  'blocks.allow',
  'views.write',
  'apps.write',
  'policies.write',
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
  'nodes.read',
  'audit.read_own',
];

/** The whole role table: who may do what. */
export const PERMISSIONS_OF_ROLE: Readonly<Record<Role, readonly Permission[]>> = {
  analyst: [...READ, 'views.write', 'devices.block_short'],
  responder: [
    ...READ,
    'views.write',
    'devices.block_short',
    'devices.block',
    'devices.unblock',
    'blocks.wide',
    'blocks.allow',
  ],
  admin: [
    ...READ,
    'views.write',
    'devices.block_short',
    'devices.block',
    'devices.unblock',
    'devices.erase',
    'blocks.wide',
    'blocks.allow',
    'apps.write',
    'policies.write',
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
