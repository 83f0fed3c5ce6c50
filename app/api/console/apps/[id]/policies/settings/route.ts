import { route } from '@/app/api/route-handler';
import { policySettingsChangeSchema, policySettingsSchema } from '@/lib/contracts';
import { setPolicySettings } from '@/lib/policies';

export const PUT = route({
  permission: 'policies.write',
  input: policySettingsChangeSchema,
  output: policySettingsSchema,
  handle: setPolicySettings,
});
