import { route } from '@/app/api/route-handler';
import { emergencyChangedSchema, killSwitchSchema } from '@/lib/contracts';
import { setKillSwitch } from '@/lib/policies';

export const POST = route({
  permission: 'apps.emergency',
  input: killSwitchSchema,
  output: emergencyChangedSchema,
  handle: setKillSwitch,
});
