import { route } from '@/app/api/route-handler';
import {
  quarantineDraftSchema,
  quarantineQuerySchema,
  quarantineSchema,
  quarantinesSchema,
} from '@/lib/contracts';
import { listQuarantines, quarantineSignal } from '@/lib/policies';

export const GET = route({
  permission: 'policies.read',
  input: quarantineQuerySchema,
  output: quarantinesSchema,
  handle: listQuarantines,
});

export const POST = route({
  permission: 'policies.quarantine',
  input: quarantineDraftSchema,
  output: quarantineSchema,
  status: 201,
  handle: quarantineSignal,
});
