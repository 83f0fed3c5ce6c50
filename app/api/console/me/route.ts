import { route } from '@/app/api/route-handler';
import { readMe } from '@/lib/auth';
import { meSchema } from '@/lib/contracts';

export const GET = route({ permission: 'signed_in', output: meSchema, handle: readMe });
