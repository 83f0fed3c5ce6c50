import { connect, type DetailedPeerCertificate } from 'node:tls';
import { pinOf } from '@/lib/certificates';
import { toBase64Url } from '@/lib/core';
import { parseCertificate } from '@/lib/crypto';
import type { Random } from './random';
import type { ServiceClient } from './service-client';
import type { SimulatedDevice } from './simulated-device';
import { DEMO_SERVER_HOST, DEMO_SERVER_NAME, type DemoServer } from './tls-server';

const TIMEOUT_MS = 5_000;
/** As many as a report may hold. */
const MOST_CERTIFICATES = 4;
/** Share of connections that are made on the network on which somebody intercepts. */
const AT_THE_HOTSPOT = 0.03;

/** What became of a connection: nothing is held against it, the pins refused it, or nobody answered. */
export type PinnedOutcome = 'connected' | 'pin-failure' | 'unreachable';

/**
 * The demo's API server as phones reach it: by TLS, held against the pins that they were sent. Now and then a phone is on a
 * network where somebody answers in the server's name; its pins refuse that, and it tells the service.
 */
export class PinnedServer {
  readonly #server: Pick<DemoServer, 'port' | 'interceptorPort'>;
  readonly #client: Pick<ServiceClient, 'reportPinFailure'>;
  readonly #random: Random;
  /** First three parts of the addresses on the network on which somebody intercepts. */
  readonly #hotspot: string;

  constructor(options: {
    server: Pick<DemoServer, 'port' | 'interceptorPort'>;
    client: Pick<ServiceClient, 'reportPinFailure'>;
    random: Random;
    hotspot: string;
  }) {
    this.#server = options.server;
    this.#client = options.client;
    this.#random = options.random;
    this.#hotspot = options.hotspot;
  }

  /** Connects a phone wherever it is now. */
  reach(device: SimulatedDevice): Promise<PinnedOutcome> {
    return this.connect(device, this.#random.next() < AT_THE_HOTSPOT);
  }

  /** Connects it, on the network on which somebody intercepts or at home. */
  async connect(device: SimulatedDevice, isAtHotspot: boolean): Promise<PinnedOutcome> {
    const pins = device.pinsOf(DEMO_SERVER_HOST);
    if (pins.length === 0) return 'connected';
    const { port, interceptorPort } = this.#server;
    const chain = await presentedChain(isAtHotspot ? interceptorPort : port).catch(() => undefined);
    if (chain === undefined) return 'unreachable';
    if (chain.some((der) => pins.includes(pinOfDer(der) ?? ''))) return 'connected';
    const address = isAtHotspot ? `${this.#hotspot}.${1 + this.#random.integer(254)}` : device.stored.address;
    const report = { host: DEMO_SERVER_HOST, chain: chain.map((der) => toBase64Url(der)) };
    if (device.token !== null) await this.#client.reportPinFailure(device.token, report, address);
    return 'pin-failure';
  }
}

function pinOfDer(der: Buffer): string | undefined {
  const spki = parseCertificate(der)?.spki;
  return spki === undefined ? undefined : pinOf(spki);
}

/** The chain that a server on this machine presents, from its own certificate on; its authority is not asked for. */
function presentedChain(port: number): Promise<Buffer[]> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, servername: DEMO_SERVER_NAME, rejectUnauthorized: false };
    const socket = connect(options, () => {
      const chain: Buffer[] = [];
      let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
      while (next?.raw !== undefined && chain.length < MOST_CERTIFICATES) {
        chain.push(next.raw);
        next = next.issuerCertificate === next ? undefined : next.issuerCertificate;
      }
      socket.destroy();
      resolve(chain);
    });
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('timed out')));
    socket.once('error', reject);
  });
}
