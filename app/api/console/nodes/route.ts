import { route } from '@/app/api/route-handler';
import { viewNodes } from '@/lib/changes';
import { nodesSchema } from '@/lib/contracts';

export const GET = route({ permission: 'nodes.read', output: nodesSchema, handle: viewNodes });
