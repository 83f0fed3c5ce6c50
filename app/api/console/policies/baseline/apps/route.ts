import { route } from '@/app/api/route-handler';
import { baselineAppsSchema } from '@/lib/contracts';
import { listBaselineApps } from '@/lib/policies';

export const GET = route({
  permission: 'policies.read',
  output: baselineAppsSchema,
  handle: listBaselineApps,
});
