import { route } from '@/app/api/route-handler';
import { endorsementsSchema } from '@/lib/contracts';
import { readEndorsements } from '@/lib/endorsements';

export const GET = route({
  permission: 'endorsements.read',
  output: endorsementsSchema,
  handle: readEndorsements,
});
