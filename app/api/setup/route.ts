import { consoleProcess } from '@/app/api/context';
import { problemResponse } from '@/app/api/problem';
import { parseInput, readJsonBody, requireSameOrigin } from '@/app/api/request-input';
import { completeSetup } from '@/lib/auth';
import { setupRequestSchema } from '@/lib/contracts';

/** Makes the first administrator. Nobody can be signed in yet, so the one-time token is the permission. */
export async function POST(request: Request): Promise<Response> {
  const { db, env, logger, time } = consoleProcess();
  try {
    requireSameOrigin(request, env.consoleUrl);
    const input = parseInput(setupRequestSchema, await readJsonBody(request));
    await completeSetup({ db, clock: time.clock }, input);
    return Response.json({ done: true }, { status: 201, headers: { 'cache-control': 'no-store' } });
  } catch (error) {
    return problemResponse(error, logger);
  }
}
