import { route } from '@/app/api/route-handler';
import { nextExpiry } from '@/lib/certificates';
import { nextExpiryQuerySchema, nextExpirySchema } from '@/lib/contracts';

export const GET = route({
  permission: 'certificates.read',
  input: nextExpiryQuerySchema,
  output: nextExpirySchema,
  handle: nextExpiry,
});
