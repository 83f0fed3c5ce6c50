import { route } from '@/app/api/route-handler';
import { listOrigins, registerOrigin } from '@/lib/certificates';
import { originListSchema, originRegistrationSchema, pinActSchema } from '@/lib/contracts';

export const GET = route({ permission: 'certificates.read', output: originListSchema, handle: listOrigins });

export const POST = route({
  permission: 'certificates.write',
  input: originRegistrationSchema,
  output: pinActSchema,
  status: 201,
  handle: registerOrigin,
});
