import { route } from '@/app/api/route-handler';
import {
  appIdSchema,
  endorsementDoneSchema,
  teamKeyInputSchema,
  teamKeyRemovalSchema,
} from '@/lib/contracts';
import { removeTeamKey, setTeamKey } from '@/lib/endorsements';

export const PUT = route({
  permission: 'endorsements.write',
  input: teamKeyInputSchema.extend({ id: appIdSchema }),
  output: endorsementDoneSchema,
  handle: setTeamKey,
});

export const DELETE = route({
  permission: 'endorsements.write',
  deletesWithBody: true,
  input: teamKeyRemovalSchema.extend({ id: appIdSchema }),
  output: endorsementDoneSchema,
  handle: removeTeamKey,
});
