import { z } from 'zod';
import { nodesSchema, propagationSchema } from './operations';
import { attestationRowSchema } from './telemetry';
import { verdictSchema } from './verdict';

/*
 * Messages of the console's live stream (`GET /api/live`, server-sent events). The SSE event name is the topic, its
 * data one JSON object, its id a cursor of the sending process for `Last-Event-ID`.
 */

/** At most this many rows travel per second; `counts` always tells of all. */
export const LIVE_ROWS_PER_SECOND = 50;

export const LIVE_MESSAGES = {
  /** Sent first on a stream. `resumed` is false where what was missed cannot be replayed: reload then. */
  hello: z.object({ serverTime: z.string(), resumed: z.boolean() }),
  /** Attestations committed since the last message, at most one message a second. */
  attestations: z.object({
    serverTime: z.string(),
    counts: z.array(z.object({ appId: z.string(), verdict: verdictSchema, events: z.number().int() })),
    rows: z.array(attestationRowSchema),
  }),
  /** A change that was committed, or one that another node has acknowledged since. */
  propagation: propagationSchema,
  /** Nodes: on every change of who is alive, and every 5 s. */
  nodes: nodesSchema,
  /** An audit row was written: pages that show staff changes refetch. */
  audit: z.object({ id: z.number().int(), action: z.string(), targetKind: z.string(), targetId: z.string() }),
  /** Nothing happened; keeps the stream and its lag measurable. */
  tick: z.object({ serverTime: z.string() }),
} as const;
export type LiveTopic = keyof typeof LIVE_MESSAGES;
export type LiveMessage<Topic extends LiveTopic> = z.infer<(typeof LIVE_MESSAGES)[Topic]>;
