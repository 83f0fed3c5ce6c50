const LINE_BREAK = /[\r\n\0]/;

/** One server-sent event (HTML, "Server-sent events"). Without an `id` it does not move the client's cursor. */
export interface ServerSentEvent {
  id?: string;
  event: string;
  data: object;
}

/**
 * The bytes of one event. The data is one line of JSON, in which every control character is escaped, so that no text of
 * a device can end a line and begin a field or an event of its own.
 * @throws TypeError for an id or a name with a line break or NUL: those are ours and never come from outside
 */
export function encodeEvent({ id, event, data }: ServerSentEvent): Uint8Array {
  if (LINE_BREAK.test(event) || (id !== undefined && LINE_BREAK.test(id))) {
    throw new TypeError('The id or the name of an event holds a line break.');
  }
  const head = id === undefined ? '' : `id: ${id}\n`;
  return new TextEncoder().encode(`${head}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

/** The first bytes of a stream: how soon to come back, in milliseconds, after it breaks. */
export function encodeRetry(retryMs: number): Uint8Array {
  return new TextEncoder().encode(`retry: ${Math.trunc(retryMs)}\n\n`);
}
