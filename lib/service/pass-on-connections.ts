import type { Worker } from 'node:cluster';
import type { Logger } from '@/lib/core';

/** What Node's cluster module says over IPC with each connection, and what the worker answers. */
interface ClusterMessage {
  readonly cmd?: string;
  readonly act?: string;
  /** Number of a message of the primary's. */
  readonly seq?: number;
  /** Number of the message that this one answers. */
  readonly ack?: number;
  readonly accepted?: boolean;
}

interface Connection {
  close(): void;
}

/** Workers that take connections. */
const listening = new Set<Worker>();

/**
 * Keeps the clients of a worker that is killed, and the primary itself. The primary accepts each connection, hands it to a
 * worker over IPC, and keeps it open until the worker has answered that it took it. Where the worker dies before it answers, Node
 * (20 to 24) forgets the connection without closing it, and does not notice that the worker has gone: the client waits for ever. So
 * what is unanswered once the process has ended and its channel is read to the end is declined in its name, upon which
 * Node hands it to another worker. Nothing of its request was read by then: a worker answers before it reads.
 *
 * A message that cannot be sent to a worker that has just died is an `error` event, which would end the primary.
 */
export function passOnConnections(worker: Worker, logger: Logger): void {
  const child = worker.process;
  const handed = new Map<number, Connection>();
  const send = child.send.bind(child) as (...values: unknown[]) => boolean;
  child.send = (message: ClusterMessage, ...rest: unknown[]) => {
    if (message.act === 'newconn' && message.seq !== undefined)
      handed.set(message.seq, rest[0] as Connection);
    return send(message, ...rest);
  };
  child.on('internalMessage', ({ ack }: ClusterMessage) => {
    if (ack !== undefined) handed.delete(ack);
  });
  let isDisconnected = false;
  child.once('disconnect', () => {
    isDisconnected = true;
  });
  worker.on('listening', () => listening.add(worker));
  child.once('close', () => {
    listening.delete(worker);
    // Takes it off Node's list of those that are given connections.
    if (!isDisconnected) child.emit('disconnect');
    for (const [ack, connection] of handed) {
      // With nobody left, Node has stopped to listen, and would put the connection into a queue that nobody empties.
      if (listening.size === 0) connection.close();
      else
        child.emit('internalMessage', { cmd: 'NODE_CLUSTER', ack, accepted: false } satisfies ClusterMessage);
    }
  });
  worker.on('error', (error: NodeJS.ErrnoException) => {
    logger.warn({ pid: child.pid, code: error.code }, 'a worker could not be told something');
  });
}
