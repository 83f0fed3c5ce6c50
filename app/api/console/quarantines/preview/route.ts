import { route } from '@/app/api/route-handler';
import { quarantinePreviewSchema, quarantineReachSchema } from '@/lib/contracts';
import { previewQuarantine } from '@/lib/policies';

export const POST = route({
  permission: 'policies.quarantine',
  input: quarantinePreviewSchema,
  output: quarantineReachSchema,
  handle: previewQuarantine,
});
