import { route } from '@/app/api/route-handler';
import { baselineDiffRequestSchema, baselineDiffSchema } from '@/lib/contracts';
import { diffBaseline } from '@/lib/policies';

export const POST = route({
  permission: 'policies.read',
  input: baselineDiffRequestSchema,
  output: baselineDiffSchema,
  handle: diffBaseline,
});
