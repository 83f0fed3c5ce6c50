/** What a worker tells the primary. */
export type WorkerMessage =
  | { type: 'ready'; nodeId: string }
  | { type: 'status'; isReady: boolean; snapshotAgeMs: number; reasons: readonly string[] }
  | { type: 'failed'; message: string };

/** What the primary tells a worker. */
export type PrimaryMessage = { type: 'shutdown' };

/** What the service process tells whoever started it over IPC. */
export type ServiceMessage =
  | { type: 'ready'; url: string; opsUrl: string; nodeIds: readonly string[] }
  | { type: 'failed'; message: string };

/** Whether something that came over IPC is a message of ours: others, such as prom-client, use the channel too. */
export function isMessage<Message extends { type: string }>(
  value: unknown,
  types: readonly Message['type'][],
): value is Message {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    typeof value.type === 'string' &&
    types.includes(value.type)
  );
}

/** Sends a message to the parent process, if there is one that listens. */
export function tellParent(message: WorkerMessage | ServiceMessage): void {
  if (process.connected) process.send?.(message);
}
