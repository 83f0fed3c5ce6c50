import { route } from '@/app/api/route-handler';
import { signingKeysSchema } from '@/lib/contracts';
import { listSigningKeys } from '@/lib/signing-keys';

export const GET = route({
  permission: 'signing_keys.read',
  output: signingKeysSchema,
  handle: listSigningKeys,
});
