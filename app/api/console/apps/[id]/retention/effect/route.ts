import { route } from '@/app/api/route-handler';
import { previewRetention } from '@/lib/apps';
import { appIdSchema, retentionEffectSchema, retentionProposalSchema } from '@/lib/contracts';

export const GET = route({
  permission: 'apps.write',
  input: retentionProposalSchema.extend({ id: appIdSchema }),
  output: retentionEffectSchema,
  handle: previewRetention,
});
