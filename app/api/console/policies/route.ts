import { route } from '@/app/api/route-handler';
import { policyStandingsSchema } from '@/lib/contracts';
import { listPolicyStandings } from '@/lib/policies';

export const GET = route({
  permission: 'policies.read',
  output: policyStandingsSchema,
  handle: listPolicyStandings,
});
