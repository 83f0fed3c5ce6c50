import { streamRoute } from '@/app/api/route-handler';
import { attestationLookupSchema } from '@/lib/contracts';
import { exportCase } from '@/lib/evidence-archive';

export const POST = streamRoute({
  permission: 'evidence.export',
  input: attestationLookupSchema,
  handle: async (ctx, input) => {
    const { name, json } = await exportCase(ctx, input);
    return new Response(json, {
      headers: {
        'cache-control': 'no-store',
        'content-type': 'application/json',
        'content-disposition': `attachment; filename="${name}"`,
        'x-content-type-options': 'nosniff',
      },
    });
  },
});
