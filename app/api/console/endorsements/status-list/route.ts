import { route } from '@/app/api/route-handler';
import { endorsementDoneSchema, listAgeInputSchema } from '@/lib/contracts';
import { setListAge } from '@/lib/endorsements';

export const PUT = route({
  permission: 'endorsements.write',
  input: listAgeInputSchema,
  output: endorsementDoneSchema,
  handle: setListAge,
});
