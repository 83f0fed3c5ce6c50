import { route } from '@/app/api/route-handler';
import { attestationLookupSchema, explanationSchema } from '@/lib/contracts';
import { explainAttestation } from '@/lib/telemetry/queries';

export const GET = route({
  permission: 'telemetry.read',
  input: attestationLookupSchema,
  output: explanationSchema,
  handle: explainAttestation,
});
