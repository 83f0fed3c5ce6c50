import { route } from '@/app/api/route-handler';
import { attestationPageSchema, attestationQuerySchema } from '@/lib/contracts';
import { listAttestations } from '@/lib/telemetry/queries';

export const GET = route({
  permission: 'telemetry.read',
  input: attestationQuerySchema,
  output: attestationPageSchema,
  handle: listAttestations,
});
