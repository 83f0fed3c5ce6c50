import { route } from '@/app/api/route-handler';
import { listApps, registerApp } from '@/lib/apps';
import { appListSchema, appRegisteredSchema, appRegistrationSchema } from '@/lib/contracts';

export const GET = route({ permission: 'apps.read', output: appListSchema, handle: listApps });

export const POST = route({
  permission: 'apps.write',
  input: appRegistrationSchema,
  output: appRegisteredSchema,
  status: 201,
  handle: registerApp,
});
