import { route } from '@/app/api/route-handler';
import { emergencyChangedSchema, minimumVersionsChangeSchema } from '@/lib/contracts';
import { setMinimumVersions } from '@/lib/policies';

export const PUT = route({
  permission: 'apps.emergency',
  input: minimumVersionsChangeSchema,
  output: emergencyChangedSchema,
  handle: setMinimumVersions,
});
