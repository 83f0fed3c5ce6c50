import type { Role, RoleGrant } from '@/lib/contracts';

const ROLE_NAMES: Readonly<Record<Role, string>> = {
  analyst: 'Analyst',
  responder: 'Responder',
  admin: 'Admin',
  auditor: 'Auditor',
};

/** Somebody's roles for people: "Admin", "Auditor, Responder for Retail Bank". */
export function roleLabel(
  grants: readonly RoleGrant[],
  apps: readonly { id: string; name: string }[],
): string {
  const texts = grants.map(({ role, appId }) =>
    appId === null
      ? ROLE_NAMES[role]
      : `${ROLE_NAMES[role]} for ${apps.find((app) => app.id === appId)?.name ?? appId}`,
  );
  return [...new Set(texts)].join(', ') || 'No role';
}
