import { route } from '@/app/api/route-handler';
import { replayExplainRequestSchema, replayExplainSchema } from '@/lib/contracts';
import { explainReplay } from '@/lib/policies';

export const POST = route({
  permission: 'policies.read',
  input: replayExplainRequestSchema,
  output: replayExplainSchema,
  handle: explainReplay,
});
