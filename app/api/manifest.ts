import type { RoutePermission } from './route-handler';

/** A route of the console's API, and what it demands. `public` ones have a guard of their own. */
export interface ManifestEntry {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** As Next spells it, with `[name]` for what varies. */
  path: string;
  permission: RoutePermission | 'public';
}

const entry = (
  method: ManifestEntry['method'],
  path: string,
  permission: ManifestEntry['permission'],
): ManifestEntry => ({ method, path, permission });

/** Every route that there is. A test holds the folders, the exports and what each role gets against it. */
export const MANIFEST: readonly ManifestEntry[] = [
  entry('GET', '/api/auth/[...nextauth]', 'public'),
  entry('POST', '/api/auth/[...nextauth]', 'public'),
  entry('POST', '/api/setup', 'public'),
  entry('GET', '/api/console/me', 'signed_in'),
  entry('POST', '/api/console/me/password', 'signed_in'),
  entry('GET', '/api/console/me/sessions', 'signed_in'),
  entry('DELETE', '/api/console/me/sessions', 'signed_in'),
  entry('DELETE', '/api/console/me/sessions/[id]', 'signed_in'),
  entry('GET', '/api/console/overview', 'telemetry.read'),
  entry('GET', '/api/console/overview/changes', 'telemetry.read'),
  entry('GET', '/api/console/overview/compare', 'telemetry.read'),
  entry('GET', '/api/console/overview/funnel', 'telemetry.read'),
  entry('GET', '/api/console/overview/latency', 'telemetry.read'),
  entry('GET', '/api/console/views', 'telemetry.read'),
  entry('POST', '/api/console/views', 'views.write'),
  entry('PUT', '/api/console/views/[id]', 'views.write'),
  entry('DELETE', '/api/console/views/[id]', 'views.write'),
  entry('GET', '/api/console/attestations', 'telemetry.read'),
  entry('GET', '/api/console/attestations/facets', 'telemetry.read'),
  entry('GET', '/api/console/attestations/histogram', 'telemetry.read'),
  entry('GET', '/api/console/attestations/export', 'telemetry.read'),
  entry('GET', '/api/console/attestations/[id]', 'telemetry.read'),
  entry('GET', '/api/console/devices', 'devices.read'),
  entry('GET', '/api/console/devices/facets', 'devices.read'),
  entry('GET', '/api/console/devices/[id]', 'devices.read'),
  entry('DELETE', '/api/console/devices/[id]', 'devices.erase'),
  entry('POST', '/api/console/blocks', 'devices.block_short'),
  entry('POST', '/api/console/blocks/[id]/lift', 'devices.unblock'),
  entry('GET', '/api/console/changes/[seq]', 'nodes.read'),
  entry('GET', '/api/console/nodes', 'nodes.read'),
  entry('GET', '/api/console/apps', 'apps.read'),
  entry('POST', '/api/console/apps', 'apps.write'),
  entry('GET', '/api/console/apps/[id]', 'apps.read'),
  entry('GET', '/api/console/apps/[id]/policies', 'policies.read'),
  entry('GET', '/api/console/apps/[id]/retention', 'apps.read'),
  entry('PUT', '/api/console/apps/[id]/retention', 'apps.write'),
  entry('GET', '/api/console/apps/[id]/retention/effect', 'apps.write'),
  entry('POST', '/api/console/apis', 'apps.write'),
  entry('GET', '/api/console/audit', 'audit.read_own'),
  entry('GET', '/api/console/search', 'telemetry.read'),
  entry('GET', '/api/live', 'telemetry.read'),
];
