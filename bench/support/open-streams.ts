import { type Forked, forkPart } from './forked';
import type { StreamClient, StreamTarget } from './stream-client';

/** The name of the part that holds streams open. */
export const STREAM_CLIENT = 'stream-client';

/** Streams that are open, in processes of their own: their memory is not to be confused with the server's. */
export interface OpenStreams {
  count: number;
  /** The first events of one of them. */
  greeting: string;
  /** The newest tick, and the newest message of attestations, as text. */
  lastTick(): Promise<string>;
  lastAttestations(): Promise<string>;
  /** When each stream was sent each of these attestations, in `monotonicMs`. */
  arrivals(references: readonly string[]): Promise<Map<string, number[]>>;
  /** How long each message of attestations took to each stream, in milliseconds. */
  fanOut(): Promise<number[]>;
  /** How many have ended although nobody closed them. */
  broken(): Promise<number>;
  close(): Promise<void>;
}

/** Opens a stream per cookie, spread over `processes`; resolves when each of them has been greeted. */
export async function openStreams(target: StreamTarget, processes: number): Promise<OpenStreams> {
  const clients = Array.from({ length: processes }, () => forkPart<StreamClient>(STREAM_CLIENT));
  const [first] = clients;
  if (!first) throw new TypeError('Streams need a process.');
  const close = async () => {
    await Promise.all(clients.map((client) => client.stop()));
  };
  try {
    const greetings = await Promise.all(
      clients.map((client, index) =>
        client.call.open({ ...target, cookies: shareOf(target, index, processes) }),
      ),
    );
    return {
      count: target.cookies.length,
      greeting: greetings[0] ?? '',
      lastTick: () => first.call.lastTick(),
      lastAttestations: () => first.call.lastAttestations(),
      arrivals: (references) => arrivalsOf(clients, references),
      fanOut: async () => (await Promise.all(clients.map((client) => client.call.fanOut()))).flat(),
      broken: async () => {
        const counts = await Promise.all(clients.map((client) => client.call.broken()));
        return counts.reduce((sum, count) => sum + count, 0);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function shareOf({ cookies }: StreamTarget, index: number, processes: number): readonly string[] {
  return cookies.filter((_, at) => at % processes === index);
}

async function arrivalsOf(
  clients: readonly Forked<StreamClient>[],
  references: readonly string[],
): Promise<Map<string, number[]>> {
  const parts = await Promise.all(clients.map((client) => client.call.arrivals(references)));
  return new Map(references.map((one) => [one, parts.flatMap((part) => part[one] ?? [])]));
}
