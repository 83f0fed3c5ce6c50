import { X509Certificate } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import type { CertificateFinding, ChainCertificate, ProbeOutcome } from '@/lib/contracts';
import type { AddressGuard } from '@/lib/outbound';
import { CappedStream } from './capped-stream';
import { findingsOfDates, readCertificate } from './read-chain';

/** Bounds of one probe. */
export interface ProbeLimits {
  readonly lookupMs: number;
  /** For each address. */
  readonly connectMs: number;
  readonly handshakeMs: number;
  /** Bytes that the peer may send until the handshake is over. */
  readonly mostBytes: number;
}

export const PROBE_LIMITS: ProbeLimits = {
  lookupMs: 3_000,
  connectMs: 3_000,
  handshakeMs: 4_000,
  mostBytes: 256 * 1024,
};
const MOST_ADDRESSES = 2;
const MOST_CERTIFICATES = 10;

export interface ProbeTarget {
  readonly host: string;
  readonly port: number;
  /** Name sent in the handshake and looked for in the certificate; `null` for the host. */
  readonly serverName: string | null;
}

/** What was found. `chain` and `findings` are empty unless the outcome is `ok`. */
export interface ProbeResult {
  readonly outcome: ProbeOutcome;
  readonly address: string | null;
  readonly protocol: string | null;
  readonly durationMs: number;
  readonly chain: readonly ChainCertificate[];
  readonly findings: readonly CertificateFinding[];
}

/** Why a step ended without its result: thrown inside this file only. */
class ProbeFailure extends Error {
  constructor(readonly outcome: ProbeOutcome) {
    super(outcome);
    this.name = 'ProbeFailure';
  }
}

/**
 * Opens a TLS connection and reads the chain, whatever is wrong with it: resolves the name, refuses unless the guard
 * allows every address, connects to an address that was checked, and ends when the handshake is over. Sends no request,
 * so that nothing can redirect it. Never rejects; each failure is an outcome of its own.
 */
export async function probeTls(
  target: ProbeTarget,
  guard: AddressGuard,
  nowMs: number,
  limits: ProbeLimits = PROBE_LIMITS,
): Promise<ProbeResult> {
  const startedAt = performance.now();
  let address: string | null = null;
  const end = (outcome: ProbeOutcome, rest: Partial<ProbeResult> = {}): ProbeResult => ({
    outcome,
    address,
    protocol: null,
    durationMs: Math.round(performance.now() - startedAt),
    chain: [],
    findings: [],
    ...rest,
  });
  let socket: Socket | undefined;
  try {
    const addresses = await resolve(target.host, guard, limits.lookupMs);
    const connected = await connectFirst(addresses, target.port, limits.connectMs);
    socket = connected.socket;
    address = connected.address;
    return end('ok', await handshake(socket, target.serverName ?? target.host, nowMs, limits));
  } catch (error) {
    return end(error instanceof ProbeFailure ? error.outcome : outcomeOf(error));
  } finally {
    socket?.destroy();
  }
}

/** Every address of a name, all of them allowed: one that is not makes all of them suspect. */
async function resolve(host: string, guard: AddressGuard, ms: number): Promise<string[]> {
  const found = await withTimeout(lookup(host, { all: true, verbatim: true }), ms, 'name_not_found');
  const addresses = found.map(({ address }) => address);
  if (addresses.length === 0) throw new ProbeFailure('name_not_found');
  if (!addresses.every((one) => guard.allows(one))) throw new ProbeFailure('address_refused');
  return addresses.slice(0, MOST_ADDRESSES);
}

async function connectFirst(
  addresses: readonly string[],
  port: number,
  ms: number,
): Promise<{ socket: Socket; address: string }> {
  let failure: unknown = new ProbeFailure('host_unreachable');
  for (const address of addresses) {
    try {
      return { socket: await open(address, port, ms), address };
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

function open(address: string, port: number, ms: number): Promise<Socket> {
  return new Promise((resolved, rejected) => {
    const socket = connectTcp({ host: address, port });
    const fail = (error: Error) => {
      clearTimeout(timer);
      socket.destroy();
      rejected(error);
    };
    const timer = setTimeout(() => fail(new ProbeFailure('connect_timeout')), ms);
    socket.once('error', fail);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', fail);
      // Until it is read through a capped stream, and after that has ended: an error has nobody to tell.
      socket.on('error', () => undefined);
      resolved(socket);
    });
  });
}

function handshake(
  socket: Socket,
  serverName: string,
  nowMs: number,
  limits: ProbeLimits,
): Promise<Pick<ProbeResult, 'protocol' | 'chain' | 'findings'>> {
  return new Promise((resolved, rejected) => {
    const fail = (error: unknown) => {
      clearTimeout(timer);
      rejected(error);
    };
    const timer = setTimeout(() => fail(new ProbeFailure('handshake_timeout')), limits.handshakeMs);
    const capped = new CappedStream(socket, limits.mostBytes, () =>
      fail(new ProbeFailure('chain_too_large')),
    );
    capped.on('error', fail);
    const tls = connectTls({
      socket: capped,
      servername: serverName,
      // A certificate that nobody should trust is what a probe is there to see.
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
      ALPNProtocols: ['h2', 'http/1.1'],
    });
    tls.on('error', fail);
    tls.once('close', () => fail(new ProbeFailure('connection_closed')));
    tls.once('secureConnect', () => {
      clearTimeout(timer);
      const read = readPeer(tls, serverName, nowMs);
      if (read === undefined) rejected(new ProbeFailure('chain_unreadable'));
      else resolved(read);
      tls.destroy();
    });
  });
}

/** Errors of verification that say nothing of dates or names: no way leads to a root that this machine knows. */
const UNTRUSTED: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

function readPeer(tls: TLSSocket, serverName: string, nowMs: number) {
  const ders = dersOf(tls.getPeerCertificate(true));
  const [leaf] = ders;
  const chain = ders.flatMap((der) => readCertificate(der) ?? []);
  if (leaf === undefined || chain.length !== ders.length) return undefined;
  const findings = findingsOfDates(chain, nowMs);
  if (new X509Certificate(leaf).checkHost(serverName) === undefined) findings.push('wrong_name');
  if (UNTRUSTED.has(String(tls.authorizationError))) findings.push('untrusted_issuer');
  return { protocol: tls.getProtocol(), chain, findings };
}

/** The chain from the leaf upwards; the root's issuer is the root itself. */
function dersOf(leaf: DetailedPeerCertificate): Buffer[] {
  const ders: Buffer[] = [];
  const seen = new Set<string>();
  // Node gives an empty object where the peer sent no certificate.
  for (
    let next: DetailedPeerCertificate | undefined = leaf;
    next?.raw !== undefined;
    next = next.issuerCertificate
  ) {
    if (seen.has(next.fingerprint256) || ders.length === MOST_CERTIFICATES) break;
    seen.add(next.fingerprint256);
    ders.push(next.raw);
  }
  return ders;
}

const OUTCOME_OF_ERROR: Readonly<Record<string, ProbeOutcome>> = {
  ENOTFOUND: 'name_not_found',
  ENODATA: 'name_not_found',
  EAI_AGAIN: 'name_not_found',
  ECONNREFUSED: 'connection_refused',
  EHOSTUNREACH: 'host_unreachable',
  ENETUNREACH: 'host_unreachable',
  EADDRNOTAVAIL: 'host_unreachable',
  EACCES: 'host_unreachable',
  ETIMEDOUT: 'connect_timeout',
  ECONNRESET: 'connection_closed',
  EPIPE: 'connection_closed',
  ERR_SSL_EXCESSIVE_MESSAGE_SIZE: 'chain_too_large',
  ERR_SSL_WRONG_VERSION_NUMBER: 'not_tls',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'not_tls',
};

function outcomeOf(error: unknown): ProbeOutcome {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return OUTCOME_OF_ERROR[code] ?? 'handshake_failed';
}

async function withTimeout<Value>(work: Promise<Value>, ms: number, outcome: ProbeOutcome): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, rejected) => {
    timer = setTimeout(() => rejected(new ProbeFailure(outcome)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
