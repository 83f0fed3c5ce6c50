import { route } from '@/app/api/route-handler';
import { relyingPartiesSchema, relyingPartyDraftSchema, relyingPartyMadeSchema } from '@/lib/contracts';
import { listRelyingParties, registerRelyingParty } from '@/lib/relying-parties';

export const GET = route({
  permission: 'nodes.read',
  output: relyingPartiesSchema,
  handle: listRelyingParties,
});

export const POST = route({
  permission: 'apps.write',
  input: relyingPartyDraftSchema,
  output: relyingPartyMadeSchema,
  status: 201,
  handle: registerRelyingParty,
});
