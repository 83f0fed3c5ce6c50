import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { requireSomewhere, type StaffActor, type VerbContext } from '@/lib/auth';
import type { Permission } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { consoleProcess, contextFor } from './context';
import { isUnavailable, problemResponse } from './problem';
import { parseInput, queryReader, readJsonBody, requireSameOrigin } from './request-input';
import { actorOfRequest } from './session-cookie';

/** What a route asks for before anything else. `signed_in` is enough for what concerns only oneself. */
export type RoutePermission = Permission | 'signed_in';

/** A route handler as Next calls it, with what it demands, which the manifest's test holds it to. */
export type Handler = ((
  request: Request,
  context: { params: Promise<Record<string, string | string[] | undefined>> },
) => Promise<Response>) & { permission: RoutePermission };

interface RouteSpec<Input extends z.ZodType> {
  permission: RoutePermission;
  /** Of the URL's parameters (GET) or the JSON body (otherwise), together with the path's. None: nothing is taken. */
  input?: Input;
  /** Whether a DELETE reads a body, as other mutations do. */
  deletesWithBody?: true;
}

interface JsonRouteSpec<Input extends z.ZodType, Output extends z.ZodType> extends RouteSpec<Input> {
  output: Output;
  /** Of a success; 200 unless told otherwise. */
  status?: number;
  handle: (ctx: VerbContext<StaffActor>, input: z.output<Input>) => Promise<z.input<Output>>;
}

interface StreamRouteSpec<Input extends z.ZodType> extends RouteSpec<Input> {
  handle: (
    ctx: VerbContext<StaffActor>,
    input: z.output<Input>,
    request: Request,
  ) => Promise<Response> | Response;
}

/**
 * A route that answers JSON: authenticates, checks the origin of mutations, demands the permission, parses the input,
 * calls one verb, and holds its answer to the schema. Every error becomes problem details.
 */
export function route<Input extends z.ZodType, Output extends z.ZodType>(
  spec: JsonRouteSpec<Input, Output>,
): Handler {
  return streamRoute<Input>({
    ...spec,
    handle: async (ctx, input) =>
      Response.json(spec.output.parse(await spec.handle(ctx, input)), {
        status: spec.status ?? 200,
        headers: { 'cache-control': 'no-store' },
      }),
  });
}

/** The same for a route that makes its own response, such as a stream or a file. */
export function streamRoute<Input extends z.ZodType>(spec: StreamRouteSpec<Input>): Handler {
  const schema: z.ZodType = spec.input ?? z.object({});
  const readQuery = queryReader(schema);
  const handler = async (request: Request, context: Parameters<Handler>[1]): Promise<Response> => {
    const requestId = randomUUID();
    const { logger } = consoleProcess();
    try {
      const ctx = await authenticate(request, spec.permission);
      const given = isRead(request)
        ? readQuery(new URL(request.url).searchParams)
        : await bodyOf(request, spec);
      const input = parseInput(schema, { ...given, ...(await context.params) });
      // The schema is the spec's own, or the empty one where the spec takes nothing.
      const handle = (own: typeof ctx) => spec.handle(own, input as z.output<Input>, request);
      const response = await (isRead(request) ? readingReplica(ctx, handle) : handle(ctx));
      response.headers.set('x-request-id', requestId);
      return response;
    } catch (error) {
      return problemResponse(error, logger, requestId);
    }
  };
  return Object.assign(handler, { permission: spec.permission });
}

/** What reads from a replica that turns out to be away is asked again of the primary: reads only read. */
async function readingReplica(
  ctx: VerbContext<StaffActor>,
  handle: (ctx: VerbContext<StaffActor>) => Promise<Response> | Response,
): Promise<Response> {
  try {
    return await handle(ctx);
  } catch (error) {
    if (!ctx.replica?.db || !isUnavailable(error)) throw error;
    consoleProcess().replica?.failed(error);
    return handle({ ...ctx, replica: { db: null, lagMs: null } });
  }
}

/** Who asks, if they may ask this anywhere. The verb decides whether they may ask it of what it is about. */
async function authenticate(request: Request, permission: RoutePermission): Promise<VerbContext<StaffActor>> {
  if (!isRead(request)) requireSameOrigin(request, consoleProcess().env.consoleUrl);
  const actor = await actorOfRequest(request);
  if (!actor) throw new AppError('authentication_required');
  if (permission !== 'signed_in') requireSomewhere(actor, permission);
  return contextFor(actor);
}

function isRead(request: Request): boolean {
  return request.method === 'GET' || request.method === 'HEAD';
}

/** A mutation that takes nothing besides its path needs no body. */
async function bodyOf(request: Request, spec: RouteSpec<z.ZodType>): Promise<Record<string, unknown>> {
  const isBare = request.method === 'DELETE' && spec.deletesWithBody !== true;
  return spec.input === undefined || isBare ? {} : readJsonBody(request);
}
