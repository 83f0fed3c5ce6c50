import type { StaffActor } from '@/lib/auth';
import { encodeRetry } from './encode';
import type { HeldAnswer } from './held';
import type { LiveHub, Subscription } from './hub';

/** Bytes that may wait for one slow client; beyond that it is told to reload instead. */
const MOST_WAITING_BYTES = 64 * 1024;
const RETRY_MS = 1_000;

/** The bytes of one live stream, until the client goes, the hub closes it, or `signal` aborts. */
export function openStream(
  hub: LiveHub,
  actor: StaffActor,
  lastEventId: string | null,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  let subscription: Subscription | undefined;
  let open = true;
  const leave = () => {
    open = false;
    subscription?.close();
  };
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        controller.enqueue(encodeRetry(RETRY_MS));
        const close = () => {
          if (!open) return;
          leave();
          controller.close();
        };
        const write = (bytes: Uint8Array) => {
          const room = controller.desiredSize ?? 0;
          // A message that is longer than everything that may wait still fits where nothing waits.
          if (!open || (room < bytes.byteLength && room < MOST_WAITING_BYTES)) return false;
          controller.enqueue(bytes);
          return true;
        };
        subscription = hub.subscribe(actor, lastEventId, { write, close });
        signal.addEventListener('abort', close, { once: true });
        if (signal.aborted) close();
      },
      pull: () => subscription?.caughtUp(),
      cancel: leave,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: MOST_WAITING_BYTES }),
  );
}

/** The same on an answer that is held: a stream costs little more than its connection then. */
export function holdStream(
  hub: LiveHub,
  actor: StaffActor,
  lastEventId: string | null,
  answer: HeldAnswer,
): void {
  let open = true;
  const write = (bytes: Uint8Array) => {
    const waiting = answer.waitingBytes;
    // A message that is longer than everything that may wait still fits where nothing waits.
    if (!open || (waiting > 0 && waiting + bytes.byteLength > MOST_WAITING_BYTES)) return false;
    answer.write(bytes);
    return true;
  };
  answer.write(encodeRetry(RETRY_MS));
  const subscription = hub.subscribe(actor, lastEventId, { write, close: () => answer.close() });
  answer.onDrain(() => subscription.caughtUp());
  answer.onClose(() => {
    open = false;
    subscription.close();
  });
}
