import { route } from '@/app/api/route-handler';
import { readAuditLog } from '@/lib/auth';
import { auditPageSchema, auditQuerySchema } from '@/lib/contracts';

export const GET = route({
  permission: 'audit.read_own',
  input: auditQuerySchema,
  output: auditPageSchema,
  handle: readAuditLog,
});
