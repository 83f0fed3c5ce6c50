import { route } from '@/app/api/route-handler';
import { rotationRequestSchema, signingKeyRotationSchema } from '@/lib/contracts';
import { requestRotation } from '@/lib/signing-keys';

export const POST = route({
  permission: 'signing_keys.write',
  input: rotationRequestSchema,
  output: signingKeyRotationSchema,
  status: 201,
  handle: requestRotation,
});
