import { route } from '@/app/api/route-handler';
import { savedViewListSchema, savedViewSchema, saveViewSchema, viewListQuerySchema } from '@/lib/contracts';
import { listViews, saveView } from '@/lib/views';

export const GET = route({
  permission: 'telemetry.read',
  input: viewListQuerySchema,
  output: savedViewListSchema,
  handle: listViews,
});

export const POST = route({
  permission: 'views.write',
  input: saveViewSchema,
  output: savedViewSchema,
  status: 201,
  handle: saveView,
});
