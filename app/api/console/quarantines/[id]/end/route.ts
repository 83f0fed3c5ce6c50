import { route } from '@/app/api/route-handler';
import { quarantineEndSchema, quarantineSchema } from '@/lib/contracts';
import { endQuarantine } from '@/lib/policies';

export const POST = route({
  permission: 'policies.quarantine',
  input: quarantineEndSchema,
  output: quarantineSchema,
  handle: endQuarantine,
});
