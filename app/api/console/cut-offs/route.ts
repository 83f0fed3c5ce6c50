import { route } from '@/app/api/route-handler';
import { cutOffQuerySchema, cutOffRequestSchema, cutOffsSchema, cutOffViewSchema } from '@/lib/contracts';
import { cutOff, readCutOffs } from '@/lib/cut-offs';

export const GET = route({
  permission: 'telemetry.read',
  input: cutOffQuerySchema,
  output: cutOffsSchema,
  handle: readCutOffs,
});

export const POST = route({
  permission: 'cut_offs.write',
  input: cutOffRequestSchema,
  output: cutOffViewSchema,
  status: 201,
  handle: cutOff,
});
