import { route } from '@/app/api/route-handler';
import { doneSchema, policyDraftActSchema, policyDraftSaveSchema, policyDraftSchema } from '@/lib/contracts';
import { discardPolicyDraft, savePolicyDraft } from '@/lib/policies';

export const PUT = route({
  permission: 'policies.write',
  input: policyDraftSaveSchema,
  output: policyDraftSchema,
  handle: savePolicyDraft,
});

export const DELETE = route({
  permission: 'policies.write',
  input: policyDraftActSchema,
  output: doneSchema,
  deletesWithBody: true,
  handle: discardPolicyDraft,
});
