import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { doneSchema, savedViewSchema, saveViewSchema } from '@/lib/contracts';
import { deleteView, updateSavedView } from '@/lib/views';

export const PUT = route({
  permission: 'views.write',
  input: saveViewSchema.extend({ id: z.uuid() }),
  output: savedViewSchema,
  handle: updateSavedView,
});

export const DELETE = route({
  permission: 'views.write',
  input: z.object({ id: z.uuid() }),
  output: doneSchema,
  handle: deleteView,
});
