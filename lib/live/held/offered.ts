import type { ServerResponse } from 'node:http';

/**
 * Header by which a handler finds the answer of `node:http` that its request belongs to. It is set for each request,
 * over whatever a client has sent.
 */
export const TICKET_HEADER = 'x-countersign-answer';

/** Shared by the process's own code and the console's, which are bundled apart from each other. */
const holder = globalThis as typeof globalThis & { countersignAnswers?: Map<string, ServerResponse> };

/** Answers that a handler may hold, by ticket. */
export function offeredAnswers(): Map<string, ServerResponse> {
  holder.countersignAnswers ??= new Map();
  return holder.countersignAnswers;
}
