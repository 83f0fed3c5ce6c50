import { route } from '@/app/api/route-handler';
import { policyBaselinePublicationSchema, policyBaselineViewSchema } from '@/lib/contracts';
import { publishBaseline, readBaseline } from '@/lib/policies';

export const GET = route({
  permission: 'policies.read',
  output: policyBaselineViewSchema,
  handle: readBaseline,
});

export const PUT = route({
  permission: 'policies.write',
  input: policyBaselinePublicationSchema,
  output: policyBaselineViewSchema,
  handle: publishBaseline,
});
