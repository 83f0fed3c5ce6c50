import { route } from '@/app/api/route-handler';
import { endorsementDoneSchema } from '@/lib/contracts';
import { requestListCheck } from '@/lib/endorsements';

export const POST = route({
  permission: 'endorsements.write',
  output: endorsementDoneSchema,
  handle: requestListCheck,
});
