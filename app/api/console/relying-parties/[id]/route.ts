import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { relyingPartyRemovalSchema, relyingPartyRemovedSchema } from '@/lib/contracts';
import { removeRelyingParty } from '@/lib/relying-parties';

export const DELETE = route({
  permission: 'apps.write',
  input: relyingPartyRemovalSchema.extend({ id: z.uuid() }),
  output: relyingPartyRemovedSchema,
  deletesWithBody: true,
  handle: removeRelyingParty,
});
