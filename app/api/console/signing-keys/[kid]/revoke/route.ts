import { route } from '@/app/api/route-handler';
import { keyRevocationSchema, kidSchema, revokedKeySchema } from '@/lib/contracts';
import { revokeSigningKey } from '@/lib/signing-keys';

export const POST = route({
  permission: 'signing_keys.write',
  input: keyRevocationSchema.extend({ kid: kidSchema }),
  output: revokedKeySchema,
  handle: revokeSigningKey,
});
