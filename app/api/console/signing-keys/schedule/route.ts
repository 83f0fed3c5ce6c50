import { route } from '@/app/api/route-handler';
import { signingKeyScheduleSchema } from '@/lib/contracts';
import { scheduleRotation } from '@/lib/signing-keys';

export const PUT = route({
  permission: 'signing_keys.write',
  input: signingKeyScheduleSchema,
  output: signingKeyScheduleSchema.pick({ rotateEveryDays: true }),
  handle: scheduleRotation,
});
