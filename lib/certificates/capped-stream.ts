import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/**
 * A connection that a TLS client reads through, and that ends once its peer has sent more than `mostBytes`: what a
 * stranger sends is counted before any of it is decoded.
 */
export class CappedStream extends Duplex {
  readonly #socket: Socket;
  #received = 0;

  constructor(socket: Socket, mostBytes: number, onTooMuch: () => void) {
    super();
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#received += chunk.length;
      if (this.#received > mostBytes) {
        socket.destroy();
        onTooMuch();
      } else if (!this.push(chunk)) socket.pause();
    });
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}
